"""Small widgets that several rooms use. May import the theme, the icons and everything below the gui."""
