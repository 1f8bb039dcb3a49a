"""How likely a declared goods line is to fail, how badly, and why."""
