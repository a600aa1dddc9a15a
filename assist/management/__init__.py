"""Every process and tool, started through manage.py."""
