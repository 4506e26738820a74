"""Writes alexnet.onnx and alexnet.tflite: torchvision's AlexNet as graphs
without weights. Both name the place of each tensor in a file that files.js
fills with seeded weights. Needs onnx, torchvision and ai-edge-litert."""

import pathlib

import flatbuffers
import numpy as np
import onnx
import torch
import torchvision
from ai_edge_litert import schema_py_generated as schema
from onnx import TensorProto, helper

HEADER = 8192  # where files.js places the first tensor, in both files
here = pathlib.Path(__file__).parent
network = torchvision.models.alexnet()
layers = [layer for layer in [*network.features, torch.nn.Flatten(), *network.classifier]
          if not isinstance(layer, torch.nn.Dropout)]
shapes = {name: tuple(values.shape) for name, values in network.named_parameters()}
names = {id(layer): name for name, layer in network.named_modules()}
layers = [layer for layer in layers if not isinstance(layer, torch.nn.AdaptiveAvgPool2d)]


def onnx_graph():
    """Weights stay in alexnet.safetensors, named as external data."""
    nodes, tensors, offset = [], [], HEADER
    for name, shape in shapes.items():
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape,
                             data_location=TensorProto.EXTERNAL)
        length = 4 * int(np.prod(shape))
        for key, value in (("location", "alexnet.safetensors"), ("offset", offset), ("length", length)):
            tensor.external_data.add(key=key, value=str(value))
        offset += length
        tensors.append(tensor)
    value = "image"
    for index, layer in enumerate(layers):
        name = names.get(id(layer))
        y = "logits" if layer is layers[-1] else f"value{index}"
        parameters = [value, f"{name}.weight", f"{name}.bias"]
        match layer:
            case torch.nn.Conv2d():
                nodes.append(helper.make_node("Conv", parameters, [y], kernel_shape=layer.kernel_size,
                                              strides=layer.stride, pads=layer.padding * 2))
            case torch.nn.Linear():
                nodes.append(helper.make_node("Gemm", parameters, [y], transB=1))
            case torch.nn.MaxPool2d():
                nodes.append(helper.make_node("MaxPool", [value], [y], kernel_shape=[3, 3], strides=[2, 2]))
            case torch.nn.ReLU():
                nodes.append(helper.make_node("Relu", [value], [y]))
            case torch.nn.Flatten():
                nodes.append(helper.make_node("Flatten", [value], [y]))
        value = y
    graph = helper.make_graph(
        nodes, "alexnet",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 224, 224])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 1000])],
        tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


class LiteRt:
    """Channels last, ReLU fused; weights follow the graph in the same file."""

    def __init__(self):
        self.buffers, self.tensors, self.operators, self.codes = [schema.BufferT()], [], [], []
        self.offset = HEADER

    def tensor(self, name, shape, buffer=0, kind=schema.TensorType.FLOAT32):
        tensor = schema.TensorT()
        tensor.name, tensor.shape, tensor.buffer, tensor.type = name, list(shape), buffer, kind
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def weights(self, name, shape):
        buffer = schema.BufferT()
        buffer.offset, buffer.size = self.offset, 4 * int(np.prod(shape))
        self.offset += buffer.size
        self.buffers.append(buffer)
        return self.tensor(name, shape, len(self.buffers) - 1)

    def constant(self, name, values):
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(np.asarray(values, np.int32).tobytes(), np.uint8)
        self.buffers.append(buffer)
        return self.tensor(name, np.shape(values), len(self.buffers) - 1, schema.TensorType.INT32)

    def add(self, kind, inputs, output, options=None):
        code = getattr(schema.BuiltinOperator, kind)
        if code not in self.codes:
            self.codes.append(code)
        operator = schema.OperatorT()
        operator.opcodeIndex = self.codes.index(code)
        operator.inputs, operator.outputs = inputs, [output]
        if options is not None:
            operator.builtinOptions = options
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, type(options).__name__[:-1])
        self.operators.append(operator)
        return output

    def serialise(self, x, y):
        graph, model = schema.SubGraphT(), schema.ModelT()
        graph.tensors, graph.operators, graph.inputs, graph.outputs = self.tensors, self.operators, [x], [y]
        model.version, model.buffers, model.subgraphs, model.operatorCodes = 3, self.buffers, [graph], []
        for code in self.codes:
            operator_code = schema.OperatorCodeT()
            operator_code.builtinCode = operator_code.deprecatedBuiltinCode = code
            operator_code.version = 1
            model.operatorCodes.append(operator_code)
        builder = flatbuffers.Builder()
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def litert_graph():
    file = LiteRt()
    relu, none = schema.ActivationFunctionType.RELU, schema.ActivationFunctionType.NONE
    side, channels = 224, 3
    image = x = file.tensor("image", [1, side, side, channels])
    for layer, following in zip(layers, layers[1:] + [None]):
        name = names.get(id(layer))
        activation = relu if isinstance(following, torch.nn.ReLU) else none
        match layer:
            case torch.nn.Conv2d():
                kernel, stride, padding = layer.kernel_size[0], layer.stride[0], layer.padding[0]
                options = schema.Conv2DOptionsT()
                options.strideW = options.strideH = stride
                options.fusedActivationFunction = activation
                options.padding = schema.Padding.SAME
                if stride != 1:  # "same" pads otherwise than torchvision
                    padded = file.tensor(f"{name}.padded", [1, side + 2 * padding, side + 2 * padding, channels])
                    pads = file.constant("pads", [[0, 0], [padding, padding], [padding, padding], [0, 0]])
                    x = file.add("PAD", [x, pads], padded, schema.PadOptionsT())
                    options.padding = schema.Padding.VALID
                weight = file.weights(f"{name}.weight", [layer.out_channels, kernel, kernel, channels])
                bias = file.weights(f"{name}.bias", [layer.out_channels])
                side, channels = (side + 2 * padding - kernel) // stride + 1, layer.out_channels
                x = file.add("CONV_2D", [x, weight, bias], file.tensor(name, [1, side, side, channels]), options)
            case torch.nn.MaxPool2d():
                options = schema.Pool2DOptionsT()
                options.strideW = options.strideH = 2
                options.filterWidth = options.filterHeight = 3
                options.padding = schema.Padding.VALID
                side = (side - 3) // 2 + 1
                x = file.add("MAX_POOL_2D", [x], file.tensor(f"{name}.y", [1, side, side, channels]), options)
            case torch.nn.Flatten():
                options = schema.ReshapeOptionsT()
                options.newShape = [1, side * side * channels]
                flat = file.tensor("flat", options.newShape)
                x = file.add("RESHAPE", [x, file.constant("shape", options.newShape)], flat, options)
            case torch.nn.Linear():
                options = schema.FullyConnectedOptionsT()
                options.fusedActivationFunction = activation
                weight = file.weights(f"{name}.weight", [layer.out_features, layer.in_features])
                bias = file.weights(f"{name}.bias", [layer.out_features])
                x = file.add("FULLY_CONNECTED", [x, weight, bias], file.tensor(name, [1, layer.out_features]), options)
    return file.serialise(image, x)


for name, graph in (("alexnet.onnx", onnx_graph()), ("alexnet.tflite", litert_graph())):
    assert len(graph) < HEADER, f"{name}: {len(graph)} bytes reach into the weights"
    (here / name).write_bytes(graph)
    print(name, len(graph))
