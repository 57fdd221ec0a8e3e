"""What stands around canvas, panels and plots: menus, bars, docks, the search over all commands."""
