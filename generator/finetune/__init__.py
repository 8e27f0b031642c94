"""Low-rank adapters for a LLaMA: conversations in, a small folder of safetensors out."""
