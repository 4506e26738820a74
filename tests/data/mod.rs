//! Files of labelled pictures, good and damaged.

use alexnet_live::data::{
    Array, Classes, Dataset, DatasetFiles, Note, PictureCollector, Samples, read_cifar10, read_csv,
    read_idx_images, read_idx_labels, read_npy,
};
use alexnet_live::error::Error;
use alexnet_live::preprocess::Picture;

#[test]
fn cifar10_planes_become_channels() {
    let mut bytes = vec![0; 2 * 3073];
    bytes[3073] = 7;
    // Second picture, row 1, column 2: red 10, green 20, blue 30.
    for (channel, value) in [10, 20, 30].into_iter().enumerate() {
        bytes[3073 + 1 + channel * 1024 + 34] = value;
    }
    let samples = read_cifar10(&bytes).expect("two records");
    assert_eq!(samples.labels, [0, 7]);
    assert_eq!(samples.picture(1)[3 * 34..][..3], [10, 20, 30]);
    assert_eq!(
        samples
            .picture(1)
            .iter()
            .map(|v| u32::from(*v))
            .sum::<u32>(),
        60
    );
}

#[test]
fn damaged_cifar10_files_are_refused() {
    for length in [0, 1, 3072, 3074] {
        let error = read_cifar10(&vec![0; length]).expect_err("no whole records");
        assert!(matches!(*error, Error::Truncated { .. }), "{error:?}");
    }
    let mut bytes = vec![0; 3073];
    bytes[0] = 10;
    let error = read_cifar10(&bytes).expect_err("no such class");
    assert!(matches!(*error, Error::Malformed { .. }), "{error:?}");
}

#[test]
fn idx_files_are_read_and_damaged_ones_refused() {
    let images = [
        &[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3][..],
        &[1, 2, 3, 4, 5, 6],
    ];
    let images = images.concat();
    assert_eq!(read_idx_images(&images), Ok((vec![1, 2, 3, 4, 5, 6], 1, 3)));
    let labels = [0, 0, 8, 1, 0, 0, 0, 2, 9, 4];
    assert_eq!(read_idx_labels(&labels), Ok(vec![9, 4]));

    for length in 0..images.len() {
        assert!(
            read_idx_images(&images[..length]).is_err(),
            "{length} bytes"
        );
    }
    let mut huge = images.clone();
    huge[4..16].fill(255);
    let error = read_idx_images(&huge).expect_err("larger than any file");
    assert!(matches!(*error, Error::Truncated { .. }), "{error:?}");
    let error = read_idx_labels(&images).expect_err("pictures are no labels");
    assert!(matches!(*error, Error::Malformed { .. }), "{error:?}");
}

#[test]
fn folders_are_classes() {
    let paths = [
        "pets/dog/1.JPG",
        "pets/cat/1.png",
        "pets/cat/notes.txt",
        "pets/.cache/1.png",
        "__MACOSX/pets/cat/._1.png",
        "pets/cat/2.webp",
        "loose.png",
    ];
    let classes = Classes::of(paths).expect("two classes");
    assert_eq!(classes.names, ["cat", "dog"]);
    let (cat, dog) = (Some(0), Some(1));
    assert_eq!(classes.labels, [dog, cat, None, None, None, cat, None]);

    let stray = Note::StrayPicture {
        name: "loose.png".to_owned(),
    };
    assert_eq!(classes.notes, [stray]);
    assert_eq!(classes.validates, None);

    let error = Classes::of(["cat/1.png", "Cat/1.png"]).expect_err("one name");
    assert!(matches!(*error, Error::DuplicateClass { .. }), "{error:?}");
    let alone = Classes::of(["a/cat/1.png"]);
    assert_eq!(alone, Err(Error::TooFewClasses { count: 1 }.into()));
}

#[test]
fn the_outermost_folders_that_differ_are_classes() {
    for paths in [
        ["cat/monday/1.png", "cat/tuesday/1.png", "dog/monday/1.png"],
        ["cat/images/1.png", "cat/images/2.png", "dog/images/1.png"],
        ["./pets/cat/1.png", "./pets/cat/2.png", "./pets/dog/1.png"],
        ["Cat-!-0.png", "Cat-!-1.png", "Dog-!-0.png"],
        ["a/b/cat/1.HEIC", "a/b/cat/1.png", "a/b/dog/x/y/z.jpg"],
    ] {
        let classes = Classes::of(paths).expect("two classes");
        let names: Vec<String> = classes
            .names
            .iter()
            .map(|name| name.to_lowercase())
            .collect();
        assert_eq!(names, ["cat", "dog"], "{paths:?}");
        assert_eq!(classes.labels, [Some(0), Some(0), Some(1)], "{paths:?}");
    }
}

#[test]
fn folders_of_training_and_validation_are_used_as_such() {
    let paths = [
        "photos/train/cat/1.png",
        "photos/train/dog/1.png",
        "photos/val/Dog/2.png",
        "photos/test/cat/3.png",
        "photos/val/cow/3.png",
        "photos/train/5.png",
    ];
    let classes = Classes::of(paths).expect("two classes");
    assert_eq!(classes.names, ["cat", "dog"]);
    assert_eq!(
        classes.labels,
        [Some(0), Some(1), Some(1), None, None, None]
    );
    let validates = classes.validates.expect("said by folders");
    assert_eq!(validates[..3], [false, false, true]);
    // A folder that is not used, a class that is only validated, a picture of no class.
    assert_eq!(classes.notes.len(), 3, "{:?}", classes.notes);
    // Without val, test validates.
    let classes = Classes::of([paths[0], paths[1], paths[3]]).expect("two classes");
    assert_eq!(classes.validates, Some(vec![false, false, true]));
    // Two classes that happen to have such names.
    let classes = Classes::of(["a/train/1.png", "a/plane/1.png"]).expect("two classes");
    assert_eq!(classes.names, ["plane", "train"]);
}

#[test]
fn a_class_of_unreadable_pictures_is_left_out_and_told() {
    let classes = ["ant", "bee", "cow"].map(str::to_owned).to_vec();
    let mut collector = PictureCollector::new(classes, [2, 2, 1]).expect("three classes");
    let grey = |value: u8| Picture::new(2, 2, [value, value, value, 255].repeat(4));
    collector
        .add(0, &grey(1).expect("a picture"))
        .expect("class 0");
    collector.skip("bee/1.heic".to_owned(), "it is HEIC".to_owned());
    collector
        .add(2, &grey(9).expect("a picture"))
        .expect("class 2");
    let dataset = collector.finish("animals", 0.0, 1).expect("two are left");
    assert_eq!(dataset.classes, ["ant", "cow"]);
    assert_eq!(dataset.training.labels, [0, 1]);
    assert_eq!(dataset.training.picture(1), [9; 4]);
    let class = "bee".to_owned();
    assert!(dataset.notes.contains(&Note::UnreadableClass { class }));
}

#[test]
fn a_share_of_the_pictures_is_of_all_classes() {
    let all = Samples {
        pixels: (0..60).collect(),
        labels: [vec![0; 40], vec![1; 15], vec![2; 5]].concat(),
    };
    for (count, of_each) in [
        (0, [0, 0, 0]),
        (6, [2, 2, 2]),
        (25, [10, 10, 5]),
        (99, [40, 15, 5]),
    ] {
        let mut some = all.clone();
        some.keep_of_all_classes(count, 3);
        let of = |class| some.labels.iter().filter(|label| **label == class).count();
        assert_eq!([0, 1, 2].map(of), of_each, "{count}");
        // Pixels stay with their labels, in their order.
        let labels = some
            .pixels
            .iter()
            .map(|pixel| all.labels[usize::from(*pixel)]);
        assert_eq!(labels.collect::<Vec<u32>>(), some.labels);
        assert!(some.pixels.is_sorted());
    }
    let pick = |seed| {
        let mut some = all.clone();
        some.keep_of_all_classes(9, seed);
        some.pixels
    };
    assert_eq!(pick(1), pick(1));
    assert_ne!(pick(1), pick(2));
}

#[test]
fn cifar100_has_two_labels_of_which_the_finer_counts() {
    let mut record = vec![0; 3074];
    record[..2].copy_from_slice(&[19, 99]);
    record[2 + 1024] = 7;
    let mut files = DatasetFiles::new(None, None);
    let names = (0..100)
        .map(|class| format!("class {class}\n"))
        .collect::<String>();
    let text = files.add("x/fine_label_names.txt", names.into_bytes());
    assert_eq!(text, Ok(false));
    assert_eq!(files.add("x/train.bin", record.clone()), Ok(true));
    assert_eq!(files.add("x/test.bin", record.clone()), Ok(true));
    let dataset = files.finish().expect("a dataset");
    assert_eq!(
        (dataset.classes.len(), &dataset.classes[99][..]),
        (100, "class 99")
    );
    assert_eq!(dataset.training.labels, [99]);
    assert_eq!(dataset.training.picture(0)[..3], [0, 7, 0]);
    assert_eq!(dataset.validation.len(), 1);
    record[1] = 100;
    assert!(files_of("train.bin", record).is_err());
}

/// A dataset of one file.
fn files_of(name: &str, bytes: Vec<u8>) -> Result<Dataset, Box<Error>> {
    let mut files = DatasetFiles::new(None, None);
    files.add(name, bytes)?;
    files.finish()
}

/// A batch of CIFAR as Python 2 pickles it.
pub fn python_batch(labels: &[u8], planes: &[u8], key: &[u8]) -> Vec<u8> {
    let numbers: Vec<u8> = labels.iter().flat_map(|label| [b'K', *label]).collect();
    let length = (planes.len() as u32).to_le_bytes();
    [
        &b"\x80\x02}(U"[..],
        &[key.len() as u8],
        key,
        b"](",
        &numbers,
        b"eU\x04datacnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R(K\x01N",
        b"cnumpy\ndtype\nU\x02u1K\0K\x01\x87R\x89T",
        &length,
        planes,
        b"tbu.",
    ]
    .concat()
}

#[test]
fn python_batches_are_read_and_nothing_in_them_is_called() {
    let mut planes = vec![200; 2 * 3072];
    planes[3072 + 2048 + 5] = 9;
    let batch = python_batch(&[3, 8], &planes, b"labels");
    let dataset = files_of("cifar-10-batches-py/data_batch_1", batch).expect("a dataset");
    assert_eq!(
        (&dataset.name[..], &dataset.training.labels[..]),
        ("cifar-10", &[3, 8][..])
    );
    assert_eq!(dataset.training.picture(1)[15..18], [200, 200, 9]);
    let batch = python_batch(&[3, 98], &planes, b"fine_labels");
    let dataset = files_of("train", batch).expect("a dataset");
    assert_eq!(
        (dataset.classes.len(), dataset.training.labels),
        (100, vec![3, 98])
    );

    for batch in [
        python_batch(&[3], &planes, b"labels"),
        python_batch(&[3, 10], &planes, b"labels"),
        b"\x80\x02}U\x06labels]s.".to_vec(),
        b"\x80\x02cos\nsystem\n.".to_vec(),
    ] {
        let error = files_of("data_batch_1", batch).expect_err("no batch");
        let refused = matches!(*error, Error::Malformed { .. } | Error::Unsupported { .. });
        assert!(refused, "{error}");
    }
}

#[test]
fn emnist_letters_count_from_one_and_stand_upright() {
    let images = [
        &[0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2][..],
        &[1, 2, 3, 4],
    ]
    .concat();
    let labels = vec![0, 0, 8, 1, 0, 0, 0, 1, 26];
    let mut files = DatasetFiles::new(None, None);
    for (kind, bytes) in [("images-idx3", images), ("labels-idx1", labels)] {
        let name = format!("emnist-letters-train-{kind}-ubyte");
        files.add(&name, bytes).expect("a file");
    }
    let dataset = files.finish().expect("a dataset");
    assert_eq!((&dataset.classes[25][..], dataset.classes.len()), ("z", 26));
    assert_eq!(dataset.training.labels, [25]);
    assert_eq!(dataset.training.pixels, [1, 3, 2, 4]);
}

/// A file of NumPy's format, version 1.
pub fn npy(kind: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let text = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}\n");
    let length = (text.len() as u16).to_le_bytes();
    [&b"\x93NUMPY\x01\0"[..], &length, text.as_bytes(), data].concat()
}

#[test]
fn arrays_of_pictures_have_the_labels_of_their_part() {
    let mut files = DatasetFiles::new(None, None);
    for (name, bytes) in [
        ("y_test.npy", npy("<i8", "1,", &4i64.to_le_bytes())),
        ("x_train.npy", npy("|u1", "2, 1, 2", &[1, 2, 3, 4])),
        ("y_train.npy", npy("|u1", "2,", &[9, 0])),
        (
            "x_test.npy",
            npy("<f4", "1, 1, 2", &[0, 0, 0, 0, 0, 0, 0x80, 0x3f]),
        ),
    ] {
        assert_eq!(files.add(&format!("mnist/{name}"), bytes), Ok(true));
    }
    let dataset = files.finish().expect("a dataset");
    assert_eq!((dataset.shape, dataset.classes.len()), ([1, 2, 1], 10));
    assert_eq!(dataset.training.labels, [9, 0]);
    assert_eq!(dataset.training.pixels, [1, 2, 3, 4]);
    assert_eq!(dataset.validation.labels, [4]);
    assert_eq!(dataset.validation.pixels, [0, 255]);
    // Channels before height and width.
    let planes = read_npy("x.npy", &npy("|u1", "1, 3, 1, 2", &[1, 2, 3, 4, 5, 6]));
    let pixels = vec![1, 3, 5, 2, 4, 6];
    assert_eq!(planes, Ok(Array::Pictures(pixels, [1, 2, 3])));
    for (kind, shape, data) in [
        ("|u1", "3, 2, 2", &[0; 4][..]),
        ("|u1", "4000000000, 4000000000, 4000000000", &[0; 4]),
        ("|O", "1, 2, 2", &[0; 64]),
        ("|u1", "1, x", &[0; 4]),
    ] {
        assert!(
            read_npy("x.npy", &npy(kind, shape, data)).is_err(),
            "{kind} {shape}"
        );
    }
}

#[test]
fn tables_have_a_label_and_a_square_a_line() {
    let with_heading = b"label,a,b,c,d\r\n3,0,1,2,255\r\n9,4,5,6,7\r\n";
    let behind = b"a,b,c,d,class\n0,1,2,255,3\n4,5,6,7,9\n";
    for text in [&with_heading[..], behind, b"3,0,1,2,255\n9,4,5,6,7"] {
        let (samples, shape) = read_csv(text).expect("a table").expect("with labels");
        assert_eq!((samples.labels, shape), (vec![3, 9], [2, 2, 1]));
        assert_eq!(samples.pixels, [0, 1, 2, 255, 4, 5, 6, 7]);
    }
    assert_eq!(read_csv(b"a,b,c,d\n1,2,3,4"), Ok(None));
    for (text, reason) in [
        ("label,a,b,c\n1,2,3,4", "4 columns"),
        ("label,a\n1,x", "line 2"),
        ("label,a\n1,2\n3", "line 3"),
        ("label,a\n-1,2", "label -1"),
        ("", "empty"),
    ] {
        let error = read_csv(text.as_bytes()).expect_err("no table").to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn pictures_are_made_one_size_and_split_by_class() {
    let classes = vec!["dark".to_owned(), "light".to_owned(), "one".to_owned()];
    let mut collector = PictureCollector::new(classes, [4, 4, 1]).expect("three classes");
    let grey = |value: u8, count: usize| {
        let rgba = [value, value, value, 255].repeat(count * 9 * 7);
        Picture::new(9, 7 * count as u32, rgba).expect("a picture")
    };
    for index in 0..10 {
        collector.add(0, &grey(index, 1)).expect("class 0");
        collector.add(1, &grey(200 + index, 2)).expect("class 1");
    }
    collector.add(2, &grey(90, 1)).expect("class 2");
    assert!(collector.add(3, &grey(0, 1)).is_err());
    collector.skip("broken.png".to_owned(), "no picture".to_owned());
    let dataset = collector.finish("greys", 0.3, 1).expect("a dataset");
    assert_eq!((dataset.training.len(), dataset.validation.len()), (15, 6));
    for samples in [&dataset.training, &dataset.validation] {
        for index in 0..samples.len() {
            let value = samples.picture(index)[0];
            assert_eq!(samples.picture(index), [value; 16]);
            let expected = match value {
                0..=9 => 0,
                90 => 2,
                _ => 1,
            };
            assert_eq!(samples.labels[index], expected);
        }
    }
    let empty = PictureCollector::new(vec!["a".to_owned(), "b".to_owned()], [4, 4, 1]);
    let mut empty = empty.expect("two classes");
    empty.add(1, &grey(0, 1)).expect("class 1");
    let name = "a".to_owned();
    let refused = empty.finish("half", 0.2, 1);
    assert_eq!(refused, Err(Error::EmptyClass { name }.into()));
    let of_class = |label| {
        dataset
            .validation
            .labels
            .iter()
            .filter(|l| **l == label)
            .count()
    };
    assert_eq!([0, 1, 2].map(of_class), [3, 3, 0]);
    assert_eq!(
        dataset.notes,
        [
            Note::BrokenPicture {
                name: "broken.png".to_owned(),
                reason: "no picture".to_owned()
            },
            Note::SinglePicture {
                class: "one".to_owned()
            },
        ]
    );
}

#[test]
fn pictures_of_folders_keep_a_margin_around_what_a_network_sees() {
    // As 256 pixels are around 224: a crop of 28 has 2 of its 32 on each side.
    let ramp = |width: u32, height: u32| {
        let at = (0..width * height).map(|at| (at % width, at / width));
        let rgba = at.flat_map(|(x, y)| [(2 * x) as u8, (2 * y) as u8, 7, 255]);
        Picture::new(width, height, rgba.collect()).expect("a picture")
    };
    let classes = vec!["a".to_owned(), "b".to_owned()];
    let mut collector = PictureCollector::new(classes, [28, 28, 3]).expect("two classes");
    // As it is, twice as large, and with a longer side that is cropped.
    for (class, picture) in [(0, ramp(32, 32)), (1, ramp(64, 64)), (1, ramp(42, 32))] {
        collector.add(class, &picture).expect("a class");
    }
    let dataset = collector.finish("ramps", 0.0, 1).expect("a dataset");
    assert_eq!((dataset.shape, dataset.margin), ([28, 28, 3], 2));
    // The column and row of the original that a pixel shows, counted by the colour.
    let shown = |index: usize, x: usize, y: usize| {
        let picture = dataset.training.picture(index);
        assert_eq!(picture.len(), 32 * 32 * 3);
        [0, 1].map(|channel| picture[3 * (32 * y + x) + channel])
    };
    for (x, y) in [(1, 1), (2, 30), (16, 7)] {
        assert_eq!(shown(0, x, y), [2 * x, 2 * y].map(|v| v as u8));
        // A mean of columns 2 x - 1 to 2 x + 2, and of rows.
        assert_eq!(shown(1, x, y), [4 * x + 1, 4 * y + 1].map(|v| v as u8));
        assert_eq!(shown(2, x, y), [2 * (x + 5), 2 * y].map(|v| v as u8));
    }
    let picture = dataset.training.picture(0);
    let centre: Vec<&[u8]> = dataset.centre(picture).collect();
    assert_eq!(centre.len(), 28 * 28);
    assert_eq!(centre[0], [4, 4, 7]);
    assert_eq!(centre[28 * 3 + 5], [14, 10, 7]);
}

#[test]
fn files_of_a_dataset_come_in_any_order() {
    let batch = |label: u8| {
        let mut bytes = vec![label; 3073 * 3];
        bytes[3073] = 1;
        bytes
    };
    // Without a word about it, a fifth as many validate.
    for (images, validation, of_each) in [
        (None, None, [6, 3]),
        (Some(4), None, [4, 1]),
        (Some(2), Some(3), [2, 3]),
        (Some(0), None, [0, 0]),
    ] {
        let mut files = DatasetFiles::new(images, validation);
        let text = files.add("readme.html", b"<html>".to_vec());
        assert_eq!(text, Ok(false));
        for (name, label) in [
            ("test_batch.bin", 9),
            ("data_batch_2.bin", 2),
            ("data_batch_1.bin", 1),
        ] {
            assert_eq!(files.add(name, batch(label)), Ok(true));
        }
        let [training, validation] = of_each;
        if training == 0 {
            assert_eq!(files.finish(), Err(Error::NoPictures.into()));
            continue;
        }
        let dataset = files.finish().expect("a dataset");
        assert_eq!(dataset.training.labels, [1, 1, 1, 2, 1, 2][..training]);
        assert_eq!(dataset.validation.labels, [9, 1, 9][..validation]);
    }
}

#[test]
fn a_dataset_says_which_file_it_lacks() {
    let missing = |name: &str| {
        let name = name.to_owned();
        Err(Error::MissingFile { name }.into())
    };
    let none = DatasetFiles::new(None, None).finish();
    assert_eq!(none, missing("data_batch_1.bin, train-images-idx3-ubyte"));
    let mut files = DatasetFiles::new(None, None);
    let labels = vec![0, 0, 8, 1, 0, 0, 0, 1, 5];
    files
        .add("train-labels-idx1-ubyte", labels)
        .expect("labels");
    assert_eq!(files.finish(), missing("train-images"));
}

#[test]
fn idx_files_are_digits_or_fashion() {
    let open = |folder: &str, labels: &[u8]| {
        let count = labels.len() as u8;
        let header = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 1, 0, 0, 0, 1];
        let images = [&header[..], labels].concat();
        let labels = [&[0, 0, 8, 1, 0, 0, 0, count], labels].concat();
        let mut files = DatasetFiles::new(None, None);
        for (name, bytes) in [("images-idx3", images), ("labels-idx1", labels)] {
            let name = format!("{folder}train-{name}-ubyte");
            files.add(&name, bytes).expect("a file");
        }
        files.finish().expect("a dataset")
    };
    // MNIST's first labels, and Fashion-MNIST's, whose files have the same names.
    let digits = open("", &[5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3]);
    assert_eq!(digits.classes[9], "9");
    let fashion = open("", &[9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 0]);
    assert_eq!(fashion.name, "fashion-mnist");
    assert_eq!(fashion.classes[9], "Ankle boot");
    let named = open("Fashion-MNIST/", &[1]);
    assert_eq!(named.classes, fashion.classes);
}

#[test]
fn pixels_of_idx_files_belong_to_their_labels() {
    let mut images = vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2];
    images.extend([1, 2, 3, 4]);
    let labels = vec![0, 0, 8, 1, 0, 0, 0, 2, 5, 6];
    let mut files = DatasetFiles::new(None, None);
    assert!(
        files
            .add("train-labels.idx1-ubyte", labels)
            .expect("labels")
    );
    assert!(
        files
            .add("train-images.idx3-ubyte", images)
            .expect("images")
    );
    let dataset = files.finish().expect("a dataset without validation");
    assert_eq!(dataset.shape, [1, 2, 1]);
    assert_eq!(dataset.training.labels, [5, 6]);
    assert!(dataset.validation.is_empty());
}
