"""Live coaching at a camera: what the rules say is shown and spoken while it happens. It decides nothing about form."""
