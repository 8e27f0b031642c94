"""The GraphQL service beside its peer: what is asked, who asks, who answers, and what is made of it."""
