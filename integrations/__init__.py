"""One folder for each program we talk to: client (HTTP), translate (pure), and the port made of both."""
