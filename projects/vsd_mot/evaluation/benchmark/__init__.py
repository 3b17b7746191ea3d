"""Time, memory and operations of models in comparable settings."""
