"""The ways in and out of the service: HTTP, server-sent events, WebSocket, pages."""
