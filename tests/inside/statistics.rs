//! Statistics of maps against the values read back.

use super::Inside;

#[test]
fn statistics_are_those_of_the_values() {
    let inside = Inside::open();
    let inspection = inside.look();
    for (id, node) in inspection.network().nodes() {
        let statistics = pollster::block_on(inspection.statistics(&inside.device, id));
        let statistics = statistics.expect("statistics");
        let values = pollster::block_on(inspection.values(&inside.device, id)).expect("values");
        let values: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
        let units = *node.shape.0.last().expect("a dimension");
        assert_eq!(statistics.len(), 2 * units, "{}", node.name);
        for unit in 0..units {
            let own = || values.iter().skip(unit).step_by(units);
            let largest = own().fold(0.0_f64, |most, value| most.max(value.abs()));
            let mean = own().sum::<f64>() / own().count() as f64;
            assert_eq!(f64::from(statistics[2 * unit]), largest, "{}", node.name);
            let difference = f64::from(statistics[2 * unit + 1]) - mean;
            assert!(difference.abs() < 1e-5, "{} {unit}", node.name);
        }
    }
}
