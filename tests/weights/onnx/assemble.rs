//! Models put together field by field: for what no exporter writes.

/// A field of bytes: a message, a text or packed numbers.
pub fn field(number: u64, bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    [
        varint(number << 3 | 2),
        varint(bytes.len() as u64),
        bytes.to_vec(),
    ]
    .concat()
}

/// A field of one number.
pub fn number(number: u64, value: u64) -> Vec<u8> {
    [varint(number << 3), varint(value)].concat()
}

pub fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A model of this graph, in opset 17.
pub fn model(graph: &[Vec<u8>]) -> Vec<u8> {
    [
        number(1, 8),
        field(7, graph.concat()),
        field(8, number(2, 17)),
    ]
    .concat()
}

pub fn node(operator: &str, inputs: &[&str], output: &str, attributes: &[Vec<u8>]) -> Vec<u8> {
    let inputs: Vec<u8> = inputs.iter().flat_map(|name| field(1, name)).collect();
    let attributes: Vec<u8> = attributes.iter().flat_map(|a| field(5, a)).collect();
    field(
        1,
        [inputs, field(2, output), field(4, operator), attributes].concat(),
    )
}

/// An attribute of one integer.
pub fn int(name: &str, value: u64) -> Vec<u8> {
    [field(1, name), number(3, value)].concat()
}

/// An attribute of a text.
pub fn text(name: &str, value: &str) -> Vec<u8> {
    [field(1, name), field(4, value)].concat()
}

/// An attribute of integers.
pub fn ints(name: &str, values: &[u64]) -> Vec<u8> {
    let values: Vec<u8> = values.iter().flat_map(|value| number(8, *value)).collect();
    [field(1, name), values].concat()
}

/// An input of this size, the batch included; 0 is left open.
pub fn input(name: &str, shape: &[u64]) -> Vec<u8> {
    let dimension = |size: &u64| field(1, if *size == 0 { vec![] } else { number(1, *size) });
    let dimensions: Vec<u8> = shape.iter().flat_map(dimension).collect();
    let tensor = [number(1, 1), field(2, dimensions)].concat();
    field(11, [field(1, name), field(2, field(1, tensor))].concat())
}

pub fn output(name: &str) -> Vec<u8> {
    field(12, field(1, name))
}

/// An initializer: its type (1 is f32, 7 is i64), sizes and `raw_data`.
pub fn initializer(name: &str, kind: u64, shape: &[u64], raw_data: &[u8]) -> Vec<u8> {
    let shape: Vec<u8> = shape.iter().flat_map(|size| number(1, *size)).collect();
    field(
        5,
        [shape, number(2, kind), field(8, name), field(9, raw_data)].concat(),
    )
}
