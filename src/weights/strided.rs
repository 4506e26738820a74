//! Tensors whose elements do not stand in order in the file: a transposed
//! matrix, or a convolution's weight that was saved channels last.

use std::ops::Range;

use super::reader::Reader;
use super::tensor::Element;
use crate::error::Result;
use crate::order::order;
use crate::shape::Shape;

/// The strides of a tensor whose elements stand in order.
pub fn contiguous(shape: &[usize]) -> Vec<usize> {
    let mut stride = 1;
    let mut strides = vec![0; shape.len()];
    for (axis, dimension) in shape.iter().enumerate().rev() {
        strides[axis] = stride;
        stride *= (*dimension).max(1);
    }
    strides
}

/// Whether elements stand in order; the stride of a dimension of size 1 does
/// not matter, nor any stride when there is no element.
pub fn is_contiguous(shape: &[usize], strides: &[usize]) -> bool {
    let natural = contiguous(shape);
    shape.contains(&0) || (0..shape.len()).all(|i| shape[i] == 1 || strides[i] == natural[i])
}

/// The elements `range`, counted in the order of `shape`, of a tensor that
/// starts where the reader is. The file is read forward, whatever the order of
/// the dimensions in it.
pub fn gather(
    reader: &mut Reader,
    element: Element,
    shape: &Shape,
    strides: &[usize],
    range: Range<usize>,
) -> Result<Vec<f32>> {
    let mut values = vec![0.0; range.len()];
    if range.is_empty() {
        return Ok(values);
    }
    let natural = contiguous(&shape.0);
    let bounds = enclosing_box(&shape.0, &natural, &range);
    let place = |index: &[usize]| {
        let position = dot(index, &natural);
        range.contains(&position).then(|| position - range.start)
    };
    each(reader, element, strides, &bounds, &place, &mut values)?;
    Ok(values)
}

/// As [`gather`], the elements in a box of indices, in the order of its dimensions.
pub fn gather_box(
    reader: &mut Reader,
    element: Element,
    strides: &[usize],
    bounds: &[Range<usize>],
) -> Result<Vec<f32>> {
    let sizes: Vec<usize> = bounds.iter().map(Range::len).collect();
    let natural = contiguous(&sizes);
    let mut values = vec![0.0; sizes.iter().product()];
    if values.is_empty() {
        return Ok(values);
    }
    let starts: Vec<usize> = bounds.iter().map(|bound| bound.start).collect();
    let first = dot(&starts, &natural);
    let place = |index: &[usize]| Some(dot(index, &natural) - first);
    each(reader, element, strides, bounds, &place, &mut values)?;
    Ok(values)
}

fn dot(index: &[usize], strides: &[usize]) -> usize {
    index.iter().zip(strides).map(|(i, s)| i * s).sum()
}

/// Reads the elements in a box of indices, in the order of the file, each to the place
/// in `values` that it has.
fn each(
    reader: &mut Reader,
    element: Element,
    strides: &[usize],
    bounds: &[Range<usize>],
    place: &dyn Fn(&[usize]) -> Option<usize>,
    values: &mut [f32],
) -> Result<()> {
    let start = reader.position();
    let axes = order(bounds.len(), &|a, b| strides[b].cmp(&strides[a]));
    let mut index: Vec<usize> = bounds.iter().map(|bound| bound.start).collect();
    let mut bytes = [0; 8];
    loop {
        if let Some(place) = place(&index) {
            reader.seek(start + dot(&index, strides) as u64 * element.size() as u64);
            reader.fill(&mut bytes[..element.size()])?;
            element.decode(&bytes[..element.size()], &mut values[place..=place]);
        }
        // An odometer whose fastest wheel is the smallest stride in the file.
        let turned = axes.iter().rev().find(|axis| {
            index[**axis] += 1;
            let turns = index[**axis] < bounds[**axis].end;
            if !turns {
                index[**axis] = bounds[**axis].start;
            }
            turns
        });
        if turned.is_none() {
            return Ok(());
        }
    }
}

/// The smallest box of indices that holds `range`: outer indices on which its
/// first and last element agree are fixed, the next is bounded, the rest full.
fn enclosing_box(shape: &[usize], natural: &[usize], range: &Range<usize>) -> Vec<Range<usize>> {
    let (mut first, mut last) = (range.start, range.end - 1);
    let mut agree = true;
    let mut bounds = Vec::new();
    for (dimension, stride) in shape.iter().zip(natural) {
        let (from, to) = (first / stride, last / stride);
        (first, last) = (first % stride, last % stride);
        bounds.push(if agree { from..to + 1 } else { 0..*dimension });
        agree &= from == to;
    }
    bounds
}
