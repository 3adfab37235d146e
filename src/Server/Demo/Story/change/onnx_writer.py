"""Writes a logistic regression as an ONNX model, with nothing but this file.

An ONNX file is one protobuf message. Protobuf is a list of fields, each a
number, a kind and a value, so the few messages that we need are spelled here.
The numbers are those of onnx.proto.
"""

import struct

from features import COLUMNS, derived, names_of

FLOAT = 1  # TensorProto.DataType


def write_model(path, model, scaler, variant):
    """One input `features` [N, k] as in the csv, one output `churn_probability` [N, 1]."""
    weights, bias = unscaled(model, scaler)
    nodes, tensors, inputs = expansion(variant)
    nodes += [
        node("Gemm", [inputs, "weights", "bias"], "score"),
        node("Sigmoid", ["score"], "churn_probability"),
    ]
    tensors += [tensor("weights", [len(weights), 1], weights), tensor("bias", [1], [bias])]
    save(path, nodes, tensors, variant)


def expansion(variant):
    """features.expand as ONNX, so that whoever asks sends the columns of the csv.

    A matrix of zeros and ones picks the columns that a logarithm or a product needs.
    """
    logs, products = derived(variant)
    nodes, tensors, joined = [], [], ["features"]
    if logs:
        tensors += [picker("log_of", logs), tensor("one", [1], [1.0])]
        nodes += [
            node("MatMul", ["features", "log_of"], "counts"),
            node("Add", ["counts", "one"], "counts_plus_one"),
            node("Log", ["counts_plus_one"], "logs"),
        ]
        joined.append("logs")
    if products:
        tensors += [
            picker("left_of", [a for a, _ in products]),
            picker("right_of", [b for _, b in products]),
        ]
        nodes += [
            node("MatMul", ["features", "left_of"], "left"),
            node("MatMul", ["features", "right_of"], "right"),
            node("Mul", ["left", "right"], "products"),
        ]
        joined.append("products")
    if len(joined) == 1:
        return nodes, tensors, "features"
    return [*nodes, node("Concat", joined, "inputs", axis=1)], tensors, "inputs"


def picker(name, wanted):
    values = [float(column == one) for column in COLUMNS for one in wanted]
    return tensor(name, [len(COLUMNS), len(wanted)], values)


def unscaled(model, scaler):
    """Weights for columns that were never scaled: w.(x - m)/d + b = (w/d).x + (b - w.m/d)."""
    weights = [w / d for w, d in zip(model.weights, scaler.deviations)]
    bias = model.bias - sum(w * m for w, m in zip(weights, scaler.means))
    return weights, bias


def save(path, nodes, tensors, variant):
    graph = b"".join([
        *(message(1, one) for one in nodes),
        text(2, "churn"),
        *(message(5, one) for one in tensors),
        message(11, matrix("features", len(COLUMNS))),
        message(12, matrix("churn_probability", 1)),
    ])
    about = {
        "columns": ",".join(COLUMNS),
        "model_inputs": ",".join(names_of(variant)),
        "features": variant,
    }
    model = b"".join([
        integer(1, 8),  # ir_version
        text(2, "churn/train.py"),  # producer_name
        text(6, "The chance that a customer leaves within a month."),
        message(7, graph),
        message(8, text(1, "") + integer(2, 13)),  # opset_import
        *(message(14, text(1, key) + text(2, value)) for key, value in about.items()),
    ])
    with open(path, "wb") as file:
        file.write(model)


def node(operator, inputs, output, **attributes):
    """Attributes are whole numbers: nothing else is needed here."""
    return b"".join([
        *(text(1, name) for name in inputs), text(2, output), text(3, output), text(4, operator),
        *(message(5, text(1, key) + integer(3, value) + integer(20, 2))
          for key, value in attributes.items()),
    ])


def tensor(name, shape, values):
    raw = struct.pack(f"<{len(values)}f", *values)
    return b"".join([
        *(integer(1, size) for size in shape), integer(2, FLOAT), text(8, name), field(9, raw),
    ])


def matrix(name, width):
    """ValueInfoProto of float [N, width]; N is any number of customers."""
    shape = message(1, text(2, "N")) + message(1, integer(1, width))
    return text(1, name) + message(2, message(1, integer(1, FLOAT) + message(2, shape)))


# Protobuf itself.


def integer(number, value):
    return varint(number << 3) + varint(value)


def field(number, value):
    return varint(number << 3 | 2) + varint(len(value)) + value


def message(number, value):
    return field(number, value)


def text(number, value):
    return field(number, value.encode("utf-8"))


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
