"""When and where routes run: one after the other from the command line, or by a schedule."""
