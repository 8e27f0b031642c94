"""What a client hands to a field: filters, orders, pages."""
