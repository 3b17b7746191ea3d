"""What the scripts of ``tools/`` do, one module a command."""
