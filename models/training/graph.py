"""A small writer of ONNX graphs: named values in, named values out, weights stored as fp16."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

OPSET = 20  # LayerNormalization since 17, Gelu since 20
IR_VERSION = 9


class GraphWriter:
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: dict[str, onnx.TensorProto] = {}
        self.outputs: list[onnx.ValueInfoProto] = []

    def node(self, op: str, inputs: list[str], name: str, outputs: int = 1, **attributes) -> str | list[str]:
        """Append one node. Its outputs are called `name`, or `name.0`, `name.1`, ..."""
        names = [name] if outputs == 1 else [f"{name}.{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, name=name, **attributes))
        return name if outputs == 1 else names

    def weight(self, name: str, value: Tensor) -> str:
        """fp16 initializer and its Cast to fp32 (folded away when a session is created)."""
        if f"{name}.f16" not in self.initializers:
            array = value.detach().contiguous().numpy()
            half = array.astype(np.float16)
            if not np.array_equal(half.astype(np.float32), array):
                raise ValueError(f"{name} is not representable in fp16: export what `deploy` returns")
            self.initializers[f"{name}.f16"] = numpy_helper.from_array(half, f"{name}.f16")
            self.node("Cast", [f"{name}.f16"], name, to=TensorProto.FLOAT)
        return name

    def constant(self, name: str, value: np.ndarray) -> str:
        self.initializers.setdefault(name, numpy_helper.from_array(value, name))
        return name

    def ints(self, *values: int) -> str:
        """int64 vector, shared by value."""
        return self.constant("int64_" + "_".join(str(v).replace("-", "m") for v in values),
                             np.array(values, dtype=np.int64))

    def output(self, name: str, kind: int, shape: list) -> None:
        self.outputs.append(helper.make_tensor_value_info(name, kind, shape))

    def model(self, inputs: list[onnx.ValueInfoProto], name: str, metadata: dict[str, str]) -> onnx.ModelProto:
        graph = helper.make_graph(self.nodes, name, inputs, self.outputs, list(self.initializers.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)],
                                  producer_name="dynaseg-training")
        model.ir_version = IR_VERSION
        helper.set_model_props(model, metadata)
        onnx.checker.check_model(model)
        return model
