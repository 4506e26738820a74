//! The nodes that the outputs of a graph need, in the order of computation:
//! exporters leave nodes behind that nothing reads, and not all of them sort.

use std::collections::{HashMap, HashSet};

use super::{FORMAT, proto};
use crate::error::{Error, Result};

/// Names that a node reads, with those that graphs inside of it take from outside.
fn reads(node: &proto::Node) -> Vec<&str> {
    let mut names: Vec<&str> = node.input.iter().map(String::as_str).collect();
    let mut open: Vec<&proto::Graph> = graphs(node).collect();
    while let Some(graph) = open.pop() {
        for inner in &graph.node {
            names.extend(inner.input.iter().map(String::as_str));
            open.extend(graphs(inner));
        }
        names.extend(graph.output.iter().map(|output| output.name.as_str()));
    }
    names.retain(|name| !name.is_empty());
    names
}

fn graphs(node: &proto::Node) -> impl Iterator<Item = &proto::Graph> {
    node.attribute
        .iter()
        .filter_map(|attribute| attribute.g.as_deref())
}

/// The needed nodes in order.
///
/// # Errors
/// [`Error::Malformed`] when nodes wait for each other.
pub fn needed(graph: &proto::Graph) -> Result<Vec<&proto::Node>> {
    let mut makers: HashMap<&str, usize> = HashMap::new();
    for (index, node) in graph.node.iter().enumerate() {
        for output in node.output.iter().filter(|name| !name.is_empty()) {
            makers.entry(output).or_insert(index);
        }
    }
    let makers_of = |node: usize| -> Vec<usize> {
        let names = reads(&graph.node[node]);
        names
            .iter()
            .filter_map(|name| makers.get(name).copied())
            .collect()
    };
    let mut order = Vec::new();
    let mut done = vec![false; graph.node.len()];
    let mut begun = vec![false; graph.node.len()];
    let outputs = graph.output.iter();
    let mut roots: Vec<usize> = outputs
        .filter_map(|output| makers.get(&output.name[..]).copied())
        .collect();
    // In the order of the file where that is one, so that layers stand as they did.
    let mut wanted = vec![false; graph.node.len()];
    while let Some(node) = roots.pop() {
        if !std::mem::replace(&mut wanted[node], true) {
            roots.extend(makers_of(node));
        }
    }
    for root in (0..graph.node.len()).filter(|node| wanted[*node]) {
        let mut open = vec![root];
        while let Some(node) = open.last().copied() {
            let before: Vec<usize> = makers_of(node)
                .into_iter()
                .filter(|maker| !done[*maker])
                .collect();
            if done[node] || before.is_empty() {
                open.pop();
                if !std::mem::replace(&mut done[node], true) {
                    order.push(&graph.node[node]);
                }
            } else if std::mem::replace(&mut begun[node], true) {
                let name = graph.node[node].output.first().map_or("", |name| name);
                let reason = format_args!("its nodes wait for each other ({name})");
                return Err(Error::malformed(FORMAT, &reason));
            } else {
                open.extend(before);
            }
        }
    }
    Ok(order)
}

/// How often each name is read, by these nodes and as an output.
pub fn uses<'a>(graph: &'a proto::Graph, nodes: &[&'a proto::Node]) -> HashMap<&'a str, usize> {
    let outputs = graph.output.iter().map(|output| &output.name[..]);
    let mut uses = HashMap::new();
    for name in nodes.iter().flat_map(|node| reads(node)).chain(outputs) {
        *uses.entry(name).or_default() += 1;
    }
    uses
}

/// Values that hold the picture with its channels last, as Keras has them: a
/// transpose to channels first reads them.
pub fn channels_last<'a>(nodes: &[&'a proto::Node]) -> HashSet<&'a str> {
    let moves = |node: &&&proto::Node| {
        let order = node
            .attribute
            .iter()
            .find(|attribute| attribute.name == "perm");
        node.op_type == "Transpose" && order.is_some_and(|order| order.ints == [0, 3, 1, 2])
    };
    let inputs = nodes.iter().filter(moves).flat_map(|node| &node.input);
    inputs.map(String::as_str).collect()
}
