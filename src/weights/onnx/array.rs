//! Arrays that are known when a file is opened, and how constants are computed
//! from constants: NumPy's rules of shapes, over any kind of element.

/// Elements in C order (the last dimension runs fastest).
#[derive(Debug, Clone, PartialEq)]
pub struct Array<T> {
    pub shape: Vec<usize>,
    pub values: Vec<T>,
}

impl<T: Copy> Array<T> {
    /// One element without a dimension.
    pub fn scalar(value: T) -> Self {
        Self {
            shape: Vec::new(),
            values: vec![value],
        }
    }

    /// A list.
    pub fn vector(values: Vec<T>) -> Self {
        Self {
            shape: vec![values.len()],
            values,
        }
    }

    /// Each element changed.
    pub fn map<U>(&self, change: impl Fn(T) -> U) -> Array<U> {
        Array {
            shape: self.shape.clone(),
            values: self.values.iter().map(|value| change(*value)).collect(),
        }
    }

    /// The array whose element at an index is `pick` of that index here.
    fn gathered(&self, shape: Vec<usize>, pick: impl Fn(&[usize]) -> usize) -> Self {
        let mut values = Vec::new();
        for_each_index(&shape, |index| values.push(self.values[pick(index)]));
        Self { shape, values }
    }

    /// Dimensions in the order of `permutation`, which names each once.
    pub fn transposed(&self, permutation: &[usize]) -> Self {
        let strides = strides(&self.shape);
        let shape = permutation.iter().map(|axis| self.shape[*axis]).collect();
        self.gathered(shape, |index| {
            let places = index.iter().zip(permutation);
            places.map(|(i, axis)| i * strides[*axis]).sum()
        })
    }

    /// `count` indices of an axis from `start` on, `step` apart.
    pub fn sliced(&self, axis: usize, start: usize, step: isize, count: usize) -> Self {
        let strides = strides(&self.shape);
        let mut shape = self.shape.clone();
        shape[axis] = count;
        self.gathered(shape, |index| {
            let along = |(at, i): (usize, &usize)| match at == axis {
                true => start.wrapping_add_signed(step * *i as isize) * strides[at],
                false => i * strides[at],
            };
            index.iter().enumerate().map(along).sum()
        })
    }

    /// The indices along an axis, whose place their own dimensions take.
    pub fn taken(&self, axis: usize, indices: &Array<usize>) -> Self {
        let strides = strides(&self.shape);
        let inner = indices.shape.len();
        let inner_strides = self::strides(&indices.shape);
        let (before, after) = (&self.shape[..axis], &self.shape[axis + 1..]);
        let shape = [before, &indices.shape, after].concat();
        self.gathered(shape, |index| {
            let picks = index[axis..axis + inner].iter().zip(&inner_strides);
            let picked = indices.values[picks.map(|(i, stride)| i * stride).sum::<usize>()];
            let before = index[..axis].iter().zip(&strides);
            let after = index[axis + inner..].iter().zip(&strides[axis + 1..]);
            let outer = before.chain(after).map(|(i, stride)| i * stride);
            outer.sum::<usize>() + picked * strides[axis]
        })
    }

    /// Arrays behind each other along an axis; `None` when they do not fit.
    pub fn concatenated(arrays: &[Self], axis: usize) -> Option<Self> {
        let first = arrays.first()?;
        let fits = |array: &Self| {
            array.shape.len() == first.shape.len()
                && (0..first.shape.len()).all(|at| at == axis || array.shape[at] == first.shape[at])
        };
        if axis >= first.shape.len() || !arrays.iter().all(fits) {
            return None;
        }
        let outer: usize = first.shape[..axis].iter().product();
        let mut values = Vec::new();
        for index in 0..outer {
            for array in arrays {
                let row = array.values.len() / outer;
                values.extend(&array.values[index * row..][..row]);
            }
        }
        let mut shape = first.shape.clone();
        shape[axis] = arrays.iter().map(|array| array.shape[axis]).sum();
        Some(Self { shape, values })
    }

    /// Repeated to a shape that it can be broadcast to.
    pub fn expanded(&self, shape: Vec<usize>) -> Self {
        let strides = broadcast_strides(&self.shape, &shape);
        self.gathered(shape, |index| {
            index
                .iter()
                .zip(&strides)
                .map(|(i, stride)| i * stride)
                .sum()
        })
    }

    /// An element for each pair, broadcast; `None` when the shapes do not fit.
    pub fn zip<U: Copy, V>(&self, other: &Array<U>, join: impl Fn(T, U) -> V) -> Option<Array<V>> {
        let shape = broadcast(&self.shape, &other.shape)?;
        let ours = broadcast_strides(&self.shape, &shape);
        let theirs = broadcast_strides(&other.shape, &shape);
        let mut values = Vec::new();
        for_each_index(&shape, |index| {
            let place = |strides: &[usize]| -> usize {
                index
                    .iter()
                    .zip(strides)
                    .map(|(i, stride)| i * stride)
                    .sum()
            };
            values.push(join(
                self.values[place(&ours)],
                other.values[place(&theirs)],
            ));
        });
        Some(Array { shape, values })
    }

    /// Each group of elements that differ in `axes` only, joined to one.
    pub fn reduced<V>(&self, axes: &[usize], keep: bool, join: impl Fn(&[T]) -> V) -> Array<V> {
        let is_reduced = |axis: &usize| axes.contains(axis);
        let (inner, outer): (Vec<usize>, Vec<usize>) = (0..self.shape.len()).partition(is_reduced);
        let order = self.transposed(&[&outer[..], &inner].concat());
        let group: usize = inner.iter().map(|axis| self.shape[*axis]).product();
        let values = match group {
            0 => Vec::new(),
            group => order.values.chunks_exact(group).map(join).collect(),
        };
        let shape = (0..self.shape.len())
            .filter_map(|axis| match (is_reduced(&axis), keep) {
                (false, _) => Some(self.shape[axis]),
                (true, true) => Some(1),
                (true, false) => None,
            })
            .collect();
        Array { shape, values }
    }
}

/// The shape that both can be broadcast to.
pub fn broadcast(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    let rank = a.len().max(b.len());
    let size = |shape: &[usize], axis: usize| {
        (axis + shape.len())
            .checked_sub(rank)
            .map_or(1, |at| shape[at])
    };
    let join = |axis| match (size(a, axis), size(b, axis)) {
        (a, b) if a == b => Some(a),
        (1, other) | (other, 1) => Some(other),
        _ => None,
    };
    (0..rank).map(join).collect()
}

/// Strides of an array seen in a shape that it is broadcast to.
fn broadcast_strides(own: &[usize], shape: &[usize]) -> Vec<usize> {
    let strides = strides(own);
    let place = |axis: usize| (axis + own.len()).checked_sub(shape.len());
    let stride = |axis| match place(axis) {
        Some(at) if own[at] > 1 => strides[at],
        _ => 0,
    };
    (0..shape.len()).map(stride).collect()
}

/// The elements from one index of an axis to the next.
pub fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    strides
}

/// Visits every index of a shape in C order.
fn for_each_index(shape: &[usize], mut visit: impl FnMut(&[usize])) {
    let elements: usize = shape.iter().product();
    let mut index = vec![0; shape.len()];
    for _ in 0..elements {
        visit(&index);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            if index[axis] < shape[axis] {
                break;
            }
            index[axis] = 0;
        }
    }
}
