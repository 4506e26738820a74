//! What the planner fuses, splits and refuses.

use alexnet_live::layers::{Activation, Conv2d, Dropout, Flatten, Linear};
use alexnet_live::network::Network;
use alexnet_live::plan::{Plan, Preset};

use crate::support::{f32_storage, target};

#[test]
fn an_activation_is_fused_into_the_only_layer_that_feeds_it() {
    let mut network = Network::new("fused", [8, 8, 3]);
    let conv = network.then("conv", Conv2d::new(4, 3)).expect("valid");
    let relu = network.then("relu", Activation::Relu).expect("valid");
    network.then("flatten", Flatten).expect("valid");
    let dropout = Dropout { probability: 0.5 };
    let dropped = network.then("dropout", dropout).expect("valid");
    network.then("fc", Linear::new(2)).expect("valid");
    let plan = Plan::inference(&network, 1, target(Preset::CPU), f32_storage).expect("it fits");
    let kinds: Vec<_> = plan
        .dispatches()
        .iter()
        .map(|d| d.kernel.source.name)
        .collect();
    assert_eq!(kinds, ["conv2d", "flatten", "linear"]);
    assert_eq!(plan.value(conv), plan.value(relu));
    assert_ne!(plan.value(relu), plan.value(dropped));
}
