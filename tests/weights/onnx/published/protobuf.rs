//! The parts of `onnx.proto` that published cases are made of. What is only
//! passed on stays as bytes.

use half::f16;
use prost::Message;

use crate::reference::Tensor;

/// A model, its graph unread.
#[derive(Clone, PartialEq, Message)]
pub struct Model {
    #[prost(int64, tag = "1")]
    ir_version: i64,
    #[prost(bytes = "vec", tag = "7")]
    pub graph: Vec<u8>,
    #[prost(bytes = "vec", repeated, tag = "8")]
    opset_import: Vec<Vec<u8>>,
}

/// What a graph computes, and with what.
#[derive(Clone, PartialEq, Message)]
pub struct Graph {
    #[prost(message, repeated, tag = "1")]
    pub nodes: Vec<Node>,
    #[prost(message, repeated, tag = "5")]
    pub initializers: Vec<Stored>,
    #[prost(message, repeated, tag = "11")]
    pub inputs: Vec<Named>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Node {
    #[prost(string, tag = "4")]
    pub operator: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct Named {
    #[prost(string, tag = "1")]
    pub name: String,
}

/// A tensor of which only the name matters.
#[derive(Clone, PartialEq, Message)]
pub struct Stored {
    #[prost(string, tag = "8")]
    pub name: String,
}

/// The field of a graph that holds an initializer.
#[derive(Clone, PartialEq, Message)]
struct Initializer {
    #[prost(bytes = "vec", tag = "5")]
    tensor: Vec<u8>,
}

/// A tensor of numbers: packed floats, or bytes.
#[derive(Clone, PartialEq, Message)]
struct Numbers {
    #[prost(int64, repeated, tag = "1")]
    dimensions: Vec<i64>,
    #[prost(int32, tag = "2")]
    data_type: i32,
    #[prost(float, repeated, tag = "4")]
    packed: Vec<f32>,
    #[prost(bytes = "vec", tag = "9")]
    raw: Vec<u8>,
}

impl Model {
    pub fn read(bytes: &[u8]) -> Self {
        Self::decode(bytes).expect("a model")
    }

    pub fn graph(&self) -> Graph {
        Graph::decode(&self.graph[..]).expect("a graph")
    }

    /// Makes an input this constant. Fields of a message may be added at its
    /// end, and of two names the last one counts.
    pub fn fix_input(&mut self, name: &str, tensor: &[u8]) {
        let name = Stored {
            name: name.to_owned(),
        };
        let tensor = [tensor, &name.encode_to_vec()].concat();
        self.graph.extend(Initializer { tensor }.encode_to_vec());
    }
}

/// A tensor, in ONNX's order.
pub fn tensor(bytes: &[u8]) -> Tensor {
    let Numbers {
        dimensions,
        data_type,
        packed,
        raw,
    } = Numbers::decode(bytes).expect("a tensor");
    let shape: Vec<_> = dimensions.iter().map(|size| *size as usize).collect();
    let values: Vec<f64> = match data_type {
        1 if raw.is_empty() => packed.into_iter().map(f64::from).collect(),
        1 => numbers::<f32>(&raw).map(f64::from).collect(),
        2 => raw.into_iter().map(f64::from).collect(),
        3 => numbers::<i8>(&raw).map(f64::from).collect(),
        10 => numbers::<f16>(&raw).map(f64::from).collect(),
        11 => numbers::<f64>(&raw).collect(),
        other => panic!("data type {other}"),
    };
    assert_eq!(values.len(), shape.iter().product::<usize>(), "{shape:?}");
    Tensor { shape, values }
}

fn numbers<T: bytemuck::Pod>(raw: &[u8]) -> impl Iterator<Item = T> {
    bytemuck::pod_collect_to_vec::<u8, T>(raw).into_iter()
}

/// Maps in ONNX's order `[batch, channels, height, width]` in ours; anything
/// else as it is.
pub fn channels_last(channels_first: Tensor) -> Tensor {
    let [batch, channels, height, width] = channels_first.shape[..] else {
        return channels_first;
    };
    let mut channels_last = Tensor::zeros(&[batch, height, width, channels]);
    for n in 0..batch {
        for c in 0..channels {
            for i in 0..height {
                for j in 0..width {
                    channels_last[[n, i, j, c]] = channels_first[[n, c, i, j]];
                }
            }
        }
    }
    channels_last
}
