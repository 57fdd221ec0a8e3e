"""The version of the studio, read by the build, the command line and the project file."""

__version__ = "0.1.0"
