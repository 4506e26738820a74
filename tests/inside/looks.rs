//! Looking at one photo after the other.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use super::Inside;
use crate::support::gpu;

/// On a GPU a read takes its time, and another photo may be looked at meanwhile.
#[test]
fn values_that_come_late_are_not_those_of_the_next_look() {
    let inside = Inside::open_on(gpu());
    let inspection = inside.look();
    let id = inspection.network().find("conv1").expect("a layer");
    let mut late = pin!(inspection.values(&inside.device, id));
    let mut context = Context::from_waker(Waker::noop());
    assert!(late.as_mut().poll(&mut context).is_pending());

    let other: Vec<f32> = inside.x.iter().map(|x| 1.0 - x).collect();
    inspection
        .look(&inside.device, &other)
        .expect("the input fits");
    let first = pollster::block_on(late).expect("values");
    let second = pollster::block_on(inspection.values(&inside.device, id)).expect("values");
    assert_ne!(first, second);
    inspection
        .look(&inside.device, &other)
        .expect("the input fits");
    let again = pollster::block_on(inspection.values(&inside.device, id)).expect("values");
    assert_eq!(second, again);
}
