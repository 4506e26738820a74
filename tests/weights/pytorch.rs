//! PyTorch files that are wrong in their own ways. The pickles are assembled
//! from opcodes by hand: no `torch.save` writes them.

use alexnet_live::error::Error;
use alexnet_live::weights::WeightsFile;

use super::{golden, refusal};

const MAGIC: &[u8] = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
const PROTOCOL: &[u8] = b"\x80\x02M\xe9\x03.";
const FACTS: &[u8] = b"\x80\x02}(U\x0dlittle_endian\x88u.";
/// A storage of one f32, remembered as 9.
const STORAGE: &[u8] = b"(U\x07storagectorch\nFloatStorage\nU\x010U\x03cpuK\x01NtQq\x09";
const KEYS: &[u8] = b"\x80\x02](U\x010e.\x01\0\0\0\0\0\0\0\0\0\x80\x3f";

/// A file of the older layout whose object is this program.
fn legacy(program: &[&[u8]]) -> Vec<u8> {
    let program = program.concat();
    [MAGIC, PROTOCOL, FACTS, b"\x80\x02", &program, b".", KEYS].concat()
}

/// `{"w": _rebuild_tensor_v2(storage, offset, shape, strides, False, {})}`.
fn view(offset: &[u8], shape: &[u8], strides: &[u8]) -> Vec<u8> {
    let rebuild = b"ctorch._utils\n_rebuild_tensor_v2\n(h\x09";
    legacy(&[
        STORAGE,
        b"}U\x01w",
        rebuild,
        offset,
        shape,
        strides,
        b"\x89}tRs",
    ])
}

#[test]
fn a_tensor_by_hand() {
    let file = WeightsFile::open(view(b"K\0", b"K\x01\x85", b"K\x01\x85")).unwrap();
    let tensor = file.find("w").unwrap();
    assert_eq!(file.read_f32(tensor, 0..1).unwrap(), [1.0]);
}

#[test]
fn views_beyond_their_storage() {
    for (offset, shape, strides) in [
        (&b"K\x01"[..], &b"K\x01\x85"[..], &b"K\x01\x85"[..]),
        (b"K\0", b"K\x02\x85", b"K\x01\x85"),
        (b"J\xff\xff\xff\xff", b"K\x01\x85", b"K\x01\x85"),
        (b"K\0", b"J\xff\xff\xff\xff\x85", b"K\x01\x85"),
        (
            b"K\0",
            b"K\x02\x85",
            b"\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x85",
        ),
        (
            b"K\0",
            b"\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x85",
            b"K\x01\x85",
        ),
        (b"K\0", b"K\x01K\x01\x86", b"K\x01\x85"),
        (
            b"K\0",
            b"(K\x01K\x01K\x01K\x01K\x01K\x01K\x01K\x01K\x01t",
            b"K\x01\x85",
        ),
    ] {
        let error = refusal(view(offset, shape, strides));
        let refused = matches!(*error, Error::Malformed { .. } | Error::Unsupported { .. });
        assert!(refused, "{shape:?} {strides:?}: {error}");
    }
}

#[test]
fn other_classes_are_named_and_never_called() {
    let call = b"cposix\nsystem\nU\x04true\x85R";
    let error = refusal(legacy(&[call]));
    assert!(matches!(*error, Error::Unsupported { .. }));
    assert!(error.to_string().contains("posix.system"), "{error}");
    for (module, name) in [
        ("torch.storage", "_load_from_bytes"),
        ("builtins", "eval"),
        ("__builtin__", "exec"),
        ("os", "system"),
        ("subprocess", "Popen"),
        ("importlib.util", "find_spec"),
    ] {
        let by_line = format!("c{module}\n{name}\n");
        let lengths = [module.len() as u8, name.len() as u8];
        let by_stack = [
            &[0x8c, lengths[0]],
            module.as_bytes(),
            &[0x8c, lengths[1]],
            name.as_bytes(),
            b"\x93",
        ];
        for program in [by_line.into_bytes(), by_stack.concat()] {
            let error = refusal(legacy(&[&program]));
            assert!(
                error.to_string().contains(&format!("{module}.{name}")),
                "{error}"
            );
        }
    }
}

#[test]
fn a_module_that_was_saved_whole() {
    let file = WeightsFile::open(golden("whole_module.pth")).unwrap();
    let shapes: Vec<(&str, &[usize])> = (file.tensors().iter())
        .map(|tensor| (&tensor.name[..], &tensor.shape.0[..]))
        .collect();
    assert_eq!(shapes, [("weight", &[1, 2][..]), ("bias", &[1])]);
    let skipped = file.skipped();
    assert!(
        skipped.contains(&"torch.nn.modules.linear.Linear".to_owned()),
        "{skipped:?}"
    );
}

/// Opcodes of `{"w": tensor}`.
const WEIGHTS: &[u8] =
    b"}U\x01wctorch._utils\n_rebuild_tensor_v2\n(h\x09K\0K\x01\x85K\x01\x85\x89}tRs";

#[test]
fn weights_are_found_wherever_they_are() {
    let tuple = [STORAGE, b"(", WEIGHTS, b"K\x07t"].concat();
    let list = [STORAGE, b"](", WEIGHTS, b"e"].concat();
    let key = [STORAGE, b"}U\x03net", WEIGHTS, b"s"].concat();
    let twice = [STORAGE, b"}U\x05model}U\x0astate_dict", WEIGHTS, b"ss"].concat();
    let beside = [
        STORAGE,
        b"}(U\x01eK\x07U\x05modelh\x09U\x03net",
        WEIGHTS,
        b"u",
    ]
    .concat();
    let default = [
        STORAGE,
        b"ccollections\ndefaultdict\nN\x85R(U\x01w",
        &WEIGHTS[4..WEIGHTS.len() - 1],
        b"u",
    ];
    let subclass = [
        STORAGE,
        b"c__main__\nRecord\n)\x81(U\x01w",
        &WEIGHTS[4..WEIGHTS.len() - 1],
        b"u",
    ];
    let object = [
        STORAGE,
        b"c__main__\nTrainer\n)\x81}U\x05model",
        WEIGHTS,
        b"sb",
    ];
    for program in [
        tuple,
        list,
        key,
        twice,
        beside,
        default.concat(),
        subclass.concat(),
        object.concat(),
    ] {
        let file = WeightsFile::open(legacy(&[&program])).unwrap();
        let names: Vec<&str> = file
            .tensors()
            .iter()
            .map(|tensor| &tensor.name[..])
            .collect();
        assert_eq!(names, ["w"]);
    }
}

#[test]
fn programs_without_sense() {
    let pairs = [b"]q\0(" as &[u8], &b"NN\x86".repeat(1000), b"e"].concat();
    let bomb = [
        &pairs[..],
        &b"ccollections\nOrderedDict\nh\0\x85R".repeat(3000),
    ]
    .concat();
    let programs: [(&[u8], &str); 16] = [
        (b"", "stack is empty"),
        (b"I", "opcode 0x49"),
        (b"t", "mark is missing"),
        (b"e", "mark is missing"),
        (b"N\x86", "stack is empty"),
        (b"(N\x86", "stack is empty"),
        (b"h\0", "refers to 0"),
        (b"NNR", "without a tuple"),
        (b"}(Nu", "no dictionary"),
        (b"NNa", "no list"),
        (b"NQ", "no storage"),
        (b"(NNNNNtQ", "no storage"),
        (b"ccollections\nOrderedDict\nN\x85R", "do not fit"),
        (b"cposix\nsystem\n", "Python object"),
        (b"X\xff\xff\xff\xff", "cut short"),
        (&bomb, "copies"),
    ];
    for (program, reason) in programs {
        let error = refusal(legacy(&[program])).to_string();
        assert!(error.contains(reason), "{reason}: {error}");
    }
}

#[test]
fn cycles_and_depth_end() {
    // A dictionary that holds itself, and lists nested a hundred thousand deep.
    let cycle = legacy(&[STORAGE, b"}q\0U\x0astate_dicth\0s"]);
    assert!(refusal(cycle).to_string().contains("holds no tensor"));
    let deep = [b"]".repeat(100_000), b"a".repeat(99_999)].concat();
    assert!(
        refusal(legacy(&[STORAGE, &deep]))
            .to_string()
            .contains("state_dict")
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    let file = WeightsFile::open(golden("expanded.pth")).unwrap();
    let weight = file.find("weight").unwrap();
    assert_eq!(file.read_f32(weight, 990..1000).unwrap(), [0.0; 10]);
    let list = refusal(golden("list.pth")).to_string();
    assert!(list.contains("list of tensors without names"), "{list}");
    let facts = b"\x80\x02}(U\x0dlittle_endian\x89u.";
    let big_endian = [MAGIC, PROTOCOL, facts].concat();
    assert!(refusal(big_endian).to_string().contains("big-endian"));
}

#[test]
fn archives_that_are_no_checkpoints() {
    // The magic of an entry, then the end record of an empty directory, at 4.
    let end = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\x04\0\0\0\0\0";
    let empty = [b"PK\x03\x04" as &[u8], end].concat();
    let error = refusal(empty).to_string();
    assert!(error.contains("data.pkl"), "{error}");
    // A storage's entry under another name.
    let mut bytes = golden("views.pth");
    let text = b"views/data/0";
    let places: Vec<usize> = (0..bytes.len() - text.len())
        .filter(|at| bytes[*at..].starts_with(text))
        .collect();
    assert_eq!(places.len(), 2, "its local and its central header");
    for at in places {
        bytes[at + text.len() - 1] = b'7';
    }
    let error = refusal(bytes).to_string();
    assert!(
        error.contains("the storage 0 of whole is missing"),
        "{error}"
    );
}
