//! What a value reads: walking back along it gives cells and receptive fields.

use std::ops::Range;

use super::Window;
use crate::shape::Shape;

/// A rectangle of a map. It may reach beyond its edges, into the padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// First row.
    pub top: i32,
    /// First column.
    pub left: i32,
    /// The row behind the last one.
    pub bottom: i32,
    /// The column behind the last one.
    pub right: i32,
}

impl Area {
    /// One place of a map.
    pub fn place(y: usize, x: usize) -> Self {
        Self::from_corner(y as i32, x as i32, 1, 1)
    }

    /// Places from a corner on.
    pub fn from_corner(top: i32, left: i32, height: usize, width: usize) -> Self {
        Self {
            top,
            left,
            bottom: top + height as i32,
            right: left + width as i32,
        }
    }

    /// What a window sees of its input while it stands on these places.
    pub fn under(self, window: &Window) -> Self {
        let first =
            |at: i32, axis: usize| at * window.stride[axis] as i32 - window.padding[axis] as i32;
        let extent = |axis: usize| (window.dilation[axis] * (window.kernel[axis] - 1) + 1) as i32;
        Self {
            top: first(self.top, 0),
            left: first(self.left, 1),
            bottom: first(self.bottom - 1, 0) + extent(0),
            right: first(self.right - 1, 1) + extent(1),
        }
    }

    /// What of it lies on a map of this size.
    pub fn on_map(self, height: usize, width: usize) -> Self {
        Self {
            top: self.top.max(0),
            left: self.left.max(0),
            bottom: self.bottom.min(height as i32),
            right: self.right.min(width as i32),
        }
    }

    /// The smallest rectangle around both.
    pub fn around(self, other: Self) -> Self {
        Self {
            top: self.top.min(other.top),
            left: self.left.min(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.max(other.right),
        }
    }
}

/// Values of a layer: those of an area, of one channel or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Values {
    /// Where they stand.
    pub area: Area,
    /// Their channel; `None` for all channels.
    pub channel: Option<usize>,
}

/// What values read of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The places, padding included.
    pub area: Area,
    /// Distance between two of its rows, and two of its columns.
    pub dilation: [usize; 2],
    /// The channels.
    pub channels: Range<usize>,
}

impl Values {
    /// Reads the values of the same places and channels.
    pub(super) fn same(self, input: &Shape) -> Read {
        match self.channel {
            Some(channel) => Read {
                area: self.area,
                dilation: [1; 2],
                channels: channel..channel + 1,
            },
            None => self.all_channels(input),
        }
    }

    /// Reads all channels of the same places.
    pub(super) fn all_channels(self, input: &Shape) -> Read {
        let (_, _, channels) = input.as_map_or_vector().unwrap_or((1, 1, input.elements()));
        Read {
            area: self.area,
            dilation: [1; 2],
            channels: 0..channels,
        }
    }
}

impl Read {
    /// Reads what a window sees from these places, not the places themselves.
    pub(super) fn under(self, window: &Window) -> Self {
        Self {
            area: self.area.under(window),
            dilation: window.dilation,
            ..self
        }
    }

    /// The one channel that is read; `None` where it is more than one.
    pub fn channel(&self) -> Option<usize> {
        (self.channels.len() == 1).then_some(self.channels.start)
    }
}
