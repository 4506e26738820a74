//! `run`: any ONNX network on numbers from `.npy` files.

use std::path::{Path, PathBuf};

use alexnet_live::inference::Inference;
use alexnet_live::models::WeightSource;
use alexnet_live::weights::{Graph, Port, WeightsFile};
use anyhow::{Context, Result, bail};

use super::array::Array;
use super::{engine, say, weights};

#[derive(clap::Args)]
pub struct Options {
    /// A network in ONNX's format
    file: PathBuf,
    /// Numbers for an input, batch first and channels before height and width;
    /// the name may be left out when there is but one
    #[arg(long, required = true, value_name = "[NAME=]FILE.npy")]
    input: Vec<String>,
    /// Where to write an output; without any, all are summed up on the screen
    #[arg(long, value_name = "[NAME=]FILE.npy")]
    output: Vec<String>,
    #[command(flatten)]
    engine: engine::Options,
}

/// Computes the outputs of a network.
pub fn run(options: &Options) -> Result<()> {
    let (source, published) = weights::open(Some(&options.file), None)?;
    if published.is_some() {
        pollster::block_on(alexnet_live::weights::verify(
            &source,
            published.map(WeightSource::expected_hash),
            &mut |_| true,
        ))?;
    }
    let given = given(&options.input)?;
    let file = WeightsFile::open_sized(source, &[], &given)?;
    let Some(graph) = file.graph() else {
        bail!(
            "{} holds {} weights without a network: give an ONNX file",
            options.file.display(),
            file.format().name()
        );
    };
    let inputs = arrays(graph, &options.input)?;
    let outputs = assign("output", &graph.outputs, &options.output)?;
    let batch = batch(graph, &inputs)?;
    let results = pollster::block_on(compute(options, graph, &file, batch, &inputs))?;
    for (port, array) in graph.outputs.iter().zip(&results) {
        if outputs.is_empty() {
            summarise(&port.name, array)?;
        }
        for (_, path) in outputs.iter().filter(|(name, _)| *name == port.name) {
            array.write(path)?;
        }
    }
    Ok(())
}

async fn compute(
    options: &Options,
    graph: &Graph,
    file: &WeightsFile,
    batch: usize,
    inputs: &[Array],
) -> Result<Vec<Array>> {
    let device = options.engine.open().await?;
    let mut bar = weights::progress_bar();
    let network = graph.network.clone();
    let inference = Inference::new(&device, network, batch, file, &mut bar).await?;
    for (port, array) in graph.inputs.iter().zip(inputs) {
        let values = channels_last(&array.values, port);
        inference.write(&device, port.node, &values)?;
    }
    inference.run(&device).await?;
    let mut outputs = Vec::new();
    for port in &graph.outputs {
        let values = inference.read(&device, port.node).await?;
        outputs.push(Array {
            values: channels_first(&values, port),
            shape: match port.batched {
                true => [&[batch], &port.shape.0[..]].concat(),
                false => port.shape.0.clone(),
            },
        });
    }
    Ok(outputs)
}

/// The shapes of all arrays by the names of their inputs, which is empty where an
/// argument is a file alone: a network may leave its sizes open.
fn given(arguments: &[String]) -> Result<Vec<(String, Vec<usize>)>> {
    let mut sizes = Vec::new();
    for argument in arguments {
        let (name, path) = match argument.split_once('=') {
            Some((name, path)) if !Path::new(argument).exists() => (name, path),
            _ => ("", &argument[..]),
        };
        // What cannot be read is told when the network is known.
        if let Ok(array) = Array::read(Path::new(path)) {
            sizes.push((name.to_owned(), array.shape));
        }
    }
    Ok(sizes)
}

/// The batch of all inputs; 1 where none has one.
fn batch(graph: &Graph, inputs: &[Array]) -> Result<usize> {
    let inputs = graph.inputs.iter().zip(inputs);
    let mut batches = inputs
        .filter(|(port, _)| port.batched)
        .map(|(_, array)| array.shape[0]);
    let first = batches.next().unwrap_or(1);
    match batches.find(|batch| *batch != first) {
        Some(other) => bail!("the inputs are of batches {first} and {other}"),
        None => Ok(first),
    }
}

/// The array of every input, in the order of the graph and all of one batch.
fn arrays(graph: &Graph, arguments: &[String]) -> Result<Vec<Array>> {
    let paths = assign("input", &graph.inputs, arguments)?;
    let mut arrays: Vec<Array> = Vec::new();
    for port in &graph.inputs {
        let path = paths.iter().find(|(name, _)| *name == port.name);
        let (_, path) = path.with_context(|| format!("the input {} is missing", port.name))?;
        let array = Array::read(path)?;
        let expected = &port.shape;
        let fits = match (port.batched, &array.shape[..]) {
            (true, [n, shape @ ..]) => *n > 0 && *shape == expected.0[..],
            (_, shape) => *shape == expected.0[..],
        };
        if !fits {
            bail!(
                "the input {} should be {}{expected}, but {} is {:?}",
                port.name,
                if port.batched { "batch x " } else { "" },
                path.display(),
                array.shape
            );
        }
        arrays.push(array);
    }
    Ok(arrays)
}

/// Takes arguments of the form `NAME=FILE`, or `FILE` for the only port, apart.
fn assign<'a>(
    kind: &str,
    ports: &'a [Port],
    arguments: &'a [String],
) -> Result<Vec<(&'a str, &'a Path)>> {
    let mut assigned: Vec<(&str, &Path)> = Vec::new();
    for argument in arguments {
        let named = ports.iter().find_map(|port| {
            let file = argument.strip_prefix(&port.name)?.strip_prefix('=')?;
            Some((&port.name[..], Path::new(file)))
        });
        let (name, path) = match (named, ports) {
            (Some(named), _) => named,
            (None, [only]) => (&only.name[..], Path::new(argument)),
            (None, _) => {
                let names: Vec<&str> = ports.iter().map(|port| &port.name[..]).collect();
                bail!(
                    "{argument} does not say which {kind} it is: \
                     write NAME=FILE with one of {}",
                    names.join(", ")
                )
            }
        };
        if assigned.iter().any(|(other, _)| *other == name) {
            bail!("the {kind} {name} is given twice");
        }
        assigned.push((name, path));
    }
    Ok(assigned)
}

/// `[batch, channels, height, width]` to `[batch, height, width, channels]`;
/// anything else stays as it is.
fn channels_last(values: &[f32], port: &Port) -> Vec<f32> {
    match port.shape.0[..] {
        [channels, height, width] if port.channels_first => {
            transpose(values, channels, height * width)
        }
        _ => values.to_vec(),
    }
}

/// The inverse of [`channels_last`].
fn channels_first(values: &[f32], port: &Port) -> Vec<f32> {
    match port.shape.0[..] {
        [channels, height, width] if port.channels_first => {
            transpose(values, height * width, channels)
        }
        _ => values.to_vec(),
    }
}

/// Matrices of `rows` x `columns`, one behind the other, each transposed.
fn transpose(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let matrices = values.chunks_exact(rows * columns);
    let transposed = matrices.flat_map(|matrix| {
        let column = move |column: usize| matrix[column..].iter().step_by(columns);
        (0..columns).flat_map(column)
    });
    transposed.copied().collect()
}

fn summarise(name: &str, array: &Array) -> std::io::Result<()> {
    let values = &array.values;
    let least = values.iter().copied().fold(f32::INFINITY, f32::min);
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mean = values.iter().copied().map(f64::from).sum::<f64>() / values.len() as f64;
    let shape = &array.shape;
    say(format_args!(
        "{name}: {shape:?}, from {least} to {most}, mean {mean}"
    ))
}
