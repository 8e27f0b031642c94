"""A LLaMA as a graph of OpenVINO, its matrices in 8 bits, made from weights in memory."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

# What OpenVINO's own patterns take for "to the end" in a slice.
_END: Final = 2**31 - 1
# Least step of a row of weights, for one that is all the same.
_LEAST_STEP: Final = 1e-12


class Graph:
    """Builds the graph of one model: tokens and places in, scores of the rows asked for out.

    It is written as the patterns of OpenVINO expect it, so that its plug-in finds norms, rotations, and attention
    with a state, and runs each as one step.
    """

    def __init__(self, config: Any, weights: Mapping[str, Any], turns: Any) -> None:
        """`weights` are float32 arrays by name, `turns` the angles of a rotation: (places, half a head)."""
        openvino = importlib.import_module("openvino")
        self._ov = openvino
        self._op: Any = importlib.import_module("openvino.opset13")
        self._states: Any = importlib.import_module("openvino.opset6")
        self._config = config
        self._weights = weights
        self._heads, self._shared = config.num_attention_heads, config.num_key_value_heads
        self._size = config.head_dim
        both = np.concatenate([turns, turns], axis=1)
        self._cos, self._sin = np.cos(both).astype(np.float32), np.sin(both).astype(np.float32)
        self._sinks: list[Any] = []

    def build(self, scale: float) -> Any:
        """Return the model; `scale` is what a rotation is multiplied by, 1 for most."""
        op = self._op
        ids, mask = self._input("input_ids", [-1, -1]), self._input("attention_mask", [-1, -1])
        places, last = self._input("position_ids", [-1, -1]), self._input("last", [-1])
        self._order = self._input("beam_idx", [-1], np.int32)
        self._rows = op.gather(op.shape_of(ids), self._whole(0), self._whole(0))
        table = op.constant(self._weights["model.embed_tokens.weight"].astype(np.float16))
        hidden = op.convert(op.gather(table, ids, self._whole(0)), "f32")
        rotation = [
            op.unsqueeze(op.gather(op.constant(part * np.float32(scale)), places, self._whole(0)), self._whole(1))
            for part in (self._cos, self._sin)
        ]
        seen = op.unsqueeze(op.unsqueeze(op.convert(mask, "f32"), self._whole(1)), self._whole(1))
        for layer in range(self._config.num_hidden_layers):
            hidden = self._layer(hidden, layer, rotation, seen)
        told = self._norm(op.gather(hidden, last, self._whole(0)), "model.norm")
        tied = "lm_head.weight" not in self._weights
        scores = op.result(self._product(told, "model.embed_tokens" if tied else "lm_head"))
        inputs = [ids, mask, places, self._order, last]
        return self._ov.Model([scores], [sink.output(0) for sink in self._sinks], inputs, "llama")

    def _layer(self, hidden: Any, number: int, rotation: list[Any], seen: Any) -> Any:
        op, name = self._op, f"model.layers.{number}."
        normed = self._norm(hidden, f"{name}input_layernorm")
        asked, keys, values = (
            self._split(self._product(normed, f"{name}self_attn.{part}_proj"), heads)
            for part, heads in (("q", self._heads), ("k", self._shared), ("v", self._shared))
        )
        attended = op.scaled_dot_product_attention(
            self._rotated(asked, rotation),
            self._state(self._rotated(keys, rotation), f"past.{number}.key"),
            self._state(values, f"past.{number}.value"),
            seen,
            op.constant(np.float32(self._size**-0.5)),
        )
        joined = op.reshape(
            op.transpose(attended, self._whole(0, 2, 1, 3)), self._whole(0, 0, self._heads * self._size), True
        )
        hidden = op.add(hidden, self._product(joined, f"{name}self_attn.o_proj"))
        normed = self._norm(hidden, f"{name}post_attention_layernorm")
        gate = op.swish(self._product(normed, f"{name}mlp.gate_proj"))
        opened = op.multiply(gate, self._product(normed, f"{name}mlp.up_proj"))
        return op.add(hidden, self._product(opened, f"{name}mlp.down_proj"))

    def _product(self, hidden: Any, name: str) -> Any:
        """Multiply by a matrix whose rows are kept in 256 steps between their least and greatest number."""
        op, weight = self._op, self._weights[f"{name}.weight"]
        low = np.minimum(weight.min(axis=1, keepdims=True), 0)
        high = np.maximum(weight.max(axis=1, keepdims=True), 0)
        step = np.maximum((high - low) / 255, _LEAST_STEP)
        zero = np.clip(np.rint(-low / step), 0, 255)
        steps = op.constant(np.clip(np.rint(weight / step) + zero, 0, 255).astype(np.uint8))
        shifted = op.subtract(op.convert(steps, "f16"), op.convert(op.constant(zero.astype(np.uint8)), "f16"))
        matrix = op.convert(op.multiply(shifted, op.constant(step.astype(np.float16))), "f32")
        product = op.matmul(hidden, matrix, False, True)
        bias = self._weights.get(f"{name}.bias")
        return product if bias is None else op.add(product, op.constant(bias.reshape(1, 1, -1)))

    def _norm(self, hidden: Any, name: str) -> Any:
        op = self._op
        mean = op.reduce_mean(op.power(hidden, op.constant(np.float32(2))), self._whole(-1), keep_dims=True)
        root = op.sqrt(op.add(mean, op.constant(np.float32(self._config.rms_norm_eps))))
        weight = op.constant(self._weights[f"{name}.weight"].reshape(1, 1, -1))
        return op.multiply(weight, op.multiply(hidden, op.divide(op.constant(np.float32(1)), root)))

    def _rotated(self, heads: Any, rotation: list[Any]) -> Any:
        op, half = self._op, self._size // 2
        first = op.slice(heads, self._whole(0), self._whole(half), self._whole(1), self._whole(3))
        second = op.slice(heads, self._whole(half), self._whole(_END), self._whole(1), self._whole(3))
        turned = op.concat([op.multiply(second, op.constant(np.float32(-1))), first], 3)
        return op.add(op.multiply(heads, rotation[0]), op.multiply(turned, rotation[1]))

    def _split(self, hidden: Any, heads: int) -> Any:
        op = self._op
        return op.transpose(op.reshape(hidden, self._whole(0, 0, heads, self._size), True), self._whole(0, 2, 1, 3))

    def _state(self, new: Any, name: str) -> Any:
        """Return keys or values with all those before them, once for each head that shares them."""
        op = self._op
        none = op.concat([self._rows, self._whole(self._shared), self._whole(0), self._whole(self._size)], 0)
        shape = self._ov.PartialShape([-1, self._shared, -1, self._size])
        before = self._states.read_value(op.broadcast(op.constant(np.float32(0)), none), name, np.float32, shape)
        held = op.concat([op.gather(before, self._order, self._whole(0)), new], 2)
        self._sinks.append(self._states.assign(held, name))
        if self._heads == self._shared:
            return held
        sizes = op.shape_of(held)
        rows, rest = (op.gather(sizes, self._whole(*part), self._whole(0)) for part in ((0, 1), (2, 3)))
        wide = op.concat([rows, self._whole(self._heads // self._shared), rest], 0)
        repeated = op.broadcast(op.unsqueeze(held, self._whole(2)), wide, "BIDIRECTIONAL")
        return op.reshape(repeated, self._whole(0, self._heads, -1, self._size), True)

    def _input(self, name: str, shape: list[int], kind: Any = np.int64) -> Any:
        parameter = self._op.parameter(shape, kind, name=name)
        parameter.output(0).get_tensor().set_names({name})
        return parameter

    def _whole(self, *numbers: int) -> Any:
        return self._op.constant(np.array(numbers, np.int64))


def graph_of(model: Any) -> Any:
    """Return the graph of a LLaMA of transformers, with the weights as they are in its memory."""
    weights = {name: tensor.float().numpy() for name, tensor in model.state_dict().items()}
    if model.config.tie_word_embeddings:
        weights.pop("lm_head.weight", None)
    rotary = model.model.rotary_emb
    places = np.arange(model.config.max_position_embeddings, dtype=np.float64)
    turns = places[:, None] * rotary.inv_freq.double().numpy()[None]
    return Graph(model.config, weights, turns).build(float(rotary.attention_scaling))
