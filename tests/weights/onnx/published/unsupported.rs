//! The published cases that are refused, each with the reason that the error
//! gives. A case that is neither here nor computed fails the tests, and so does
//! one that is here but computed, or refused for another reason.

/// Why a case is refused, or nothing if it must run.
pub fn reason(folder: &str, name: &str) -> Option<&'static str> {
    let name = name.trim_start_matches("test_");
    let mut groups = groups(folder).filter(|group| group.cases().any(|case| case == name));
    groups.next().map(|group| group.reason)
}

/// Number of cases that are refused in a folder.
pub fn count(folder: &str) -> usize {
    groups(folder).map(|group| group.cases().count()).sum()
}

fn groups(folder: &str) -> impl Iterator<Item = &'static Group> {
    GROUPS.iter().filter(move |group| group.folder == folder)
}

struct Group {
    folder: &'static str,
    reason: &'static str,
    /// Names without their `test_`.
    cases: &'static str,
}

const fn refused(folder: &'static str, reason: &'static str, cases: &'static str) -> Group {
    Group {
        folder,
        reason,
        cases,
    }
}

impl Group {
    fn cases(&self) -> impl Iterator<Item = &'static str> {
        self.cases.split_whitespace()
    }
}

const GROUPS: &[Group] = &[
    refused(
        "pytorch-converted",
        "neither maps (N, C, H, W) nor vectors (N, C)",
        "AvgPool3d AvgPool3d_stride AvgPool3d_stride1_pad0_gpu_input BatchNorm3d_eval \
        BatchNorm3d_momentum_eval Conv3d Conv3d_dilated Conv3d_dilated_strided Conv3d_groups \
        Conv3d_no_bias Conv3d_stride Conv3d_stride_padding MaxPool3d MaxPool3d_stride \
        MaxPool3d_stride_padding PReLU_3d PReLU_3d_multiparam",
    ),
    refused("pytorch-converted", "padding with", "ConstantPad2d"),
    refused(
        "pytorch-converted",
        "the kind of the operator ConvTranspose",
        "ConvTranspose2d ConvTranspose2d_no_bias",
    ),
    refused(
        "pytorch-converted",
        "not of numbers of a picture",
        "Embedding Embedding_sparse",
    ),
    refused(
        "pytorch-converted",
        "a constant of",
        "PoissonNLLLLoss_no_reduce",
    ),
    refused(
        "node",
        "not of numbers of a picture",
        "add_int16 add_uint16 add_uint32 add_uint64 dequantizelinear_e4m3fn \
        dequantizelinear_e4m3fn_float16 dequantizelinear_e4m3fn_zero_point \
        dequantizelinear_e5m2 dequantizelinear_float4e2m1 dequantizelinear_int16 \
        dequantizelinear_int2 dequantizelinear_int4 dequantizelinear_uint16 \
        dequantizelinear_uint2 dequantizelinear_uint4 div_int16 div_int32_trunc div_uint16 \
        div_uint32 div_uint64 edge_pad max_int16 max_int32 max_int64 max_uint16 max_uint32 \
        max_uint64 min_int16 min_int32 min_int64 min_uint16 min_uint32 min_uint64 mul_int16 \
        mul_uint16 mul_uint32 mul_uint64 pow_types_int32_float32 pow_types_int32_int32 \
        pow_types_int64_float32 pow_types_int64_int64 reduce_max_bool_inputs reflect_pad \
        sub_int16 sub_uint16 sub_uint32 sub_uint64 wrap_pad",
    ),
    refused(
        "node",
        "an input of bytes",
        "add_int8 add_uint8 div_int8 div_uint8 mul_int8 mul_uint8 qlinearconv \
        qlinearmatmul_2D_int8_float16 qlinearmatmul_2D_int8_float32 \
        qlinearmatmul_2D_uint8_float16 qlinearmatmul_2D_uint8_float32 \
        qlinearmatmul_3D_int8_float16 qlinearmatmul_3D_int8_float32 \
        qlinearmatmul_3D_uint8_float16 qlinearmatmul_3D_uint8_float32 sub_int8 sub_uint8",
    ),
    refused(
        "node",
        "neither maps (N, C, H, W) nor vectors (N, C)",
        "averagepool_3d_dilations_large_count_include_pad_is_0_ceil_mode_is_False \
        averagepool_3d_dilations_large_count_include_pad_is_0_ceil_mode_is_True \
        averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_False \
        averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_True \
        averagepool_3d_dilations_small maxpool_3d_dilations \
        maxpool_3d_dilations_use_ref_impl maxpool_3d_dilations_use_ref_impl_large",
    ),
    refused(
        "node",
        "training mode",
        "batchnorm_epsilon_training_mode batchnorm_example_training_mode",
    ),
    refused(
        "node",
        "axis = 0 of these inputs",
        "concat_2d_axis_0 concat_2d_axis_negative_2 concat_3d_axis_0 \
        concat_3d_axis_negative_3",
    ),
    refused(
        "node",
        "padding with",
        "constant_pad constant_pad_axes constant_pad_negative_axes",
    ),
    refused(
        "node",
        "the second output",
        "dropout_default_mask dropout_default_mask_ratio \
        maxpool_with_argmax_2d_precomputed_pads training_dropout_default_mask \
        training_dropout_mask training_dropout_zero_ratio_mask",
    ),
    refused(
        "node",
        "the kind of the operator Less",
        "elu_default_expanded_ver18 elu_example_expanded_ver18 elu_expanded_ver18 \
        leakyrelu_default_expanded leakyrelu_example_expanded leakyrelu_expanded \
        prelu_broadcast_expanded prelu_example_expanded selu_default_expanded_ver18 \
        selu_example_expanded_ver18 selu_expanded_ver18 shrink_hard_expanded_ver18 \
        shrink_soft_expanded_ver18",
    ),
    refused(
        "node",
        "an output whose batch is not its first dimension",
        "expand_dim_changed reshape_negative_extended_dims transpose_all_permutations_2 \
        transpose_all_permutations_3 transpose_all_permutations_4 \
        transpose_all_permutations_5 transpose_default",
    ),
    refused(
        "node",
        "axis = ",
        "flatten_axis0 flatten_axis2 flatten_axis3 flatten_negative_axis1 \
        flatten_negative_axis2 flatten_negative_axis4",
    ),
    refused(
        "node",
        "a part of the batch",
        "gather_0 slice slice_default_axes slice_default_steps slice_neg_steps \
        slice_negative_axes",
    ),
    refused("node", "indices of several dimensions", "gather_2d_indices"),
    refused("node", "transA = 1", "gemm_all_attributes gemm_transposeA"),
    refused("node", "a bias of", "gemm_default_matrix_bias"),
    refused(
        "node",
        "an input that is no tensor",
        "identity_opt identity_sequence",
    ),
    refused(
        "node",
        "the batch among its axes",
        "layer_normalization_2d_axis0 layer_normalization_2d_axis_negative_2 \
        layer_normalization_3d_axis0_epsilon layer_normalization_3d_axis_negative_3_epsilon \
        layer_normalization_4d_axis0 layer_normalization_4d_axis_negative_4 mvn_expanded \
        mvn_expanded_ver18",
    ),
    refused(
        "node",
        "a weight of",
        "matmul_1d_1d matmul_1d_3d matmul_3d matmul_4d matmul_4d_1d matmul_bcast",
    ),
    refused(
        "node",
        "anything but a value and single numbers",
        "max_example max_float16 max_float32 max_float64 max_int8 max_two_inputs max_uint8 \
        min_example min_float16 min_float32 min_float64 min_int8 min_two_inputs min_uint8",
    ),
    refused(
        "node",
        "storage_order = 1",
        "maxpool_with_argmax_2d_precomputed_strides",
    ),
    refused(
        "node",
        "more than one exponent",
        "pow pow_bcast_array pow_example pow_types_float32_int32 pow_types_float32_int64 \
        pow_types_float32_uint32 pow_types_float32_uint64",
    ),
    refused(
        "node",
        "an input whose size is open",
        "reduce_l1_empty_set_expanded reduce_l2_empty_set_expanded \
        reduce_log_sum_empty_set_expanded reduce_log_sum_exp_empty_set_expanded \
        reduce_max_empty_set reduce_sum_empty_set reduce_sum_empty_set_non_reduced_axis_zero \
        reduce_sum_square_empty_set_expanded split_zero_size_splits_opset13 \
        split_zero_size_splits_opset18",
    ),
    refused(
        "node",
        "the shape [",
        "reshape_allowzero_reordered reshape_one_dim",
    ),
    refused(
        "node",
        "the batch behind",
        "reshape_reordered_all_dims reshape_reordered_last_dims",
    ),
    refused(
        "node",
        r#"mode = "cubic""#,
        "resize_downsample_scales_cubic resize_downsample_scales_cubic_A_n0p5_exclude_outside \
        resize_downsample_scales_cubic_align_corners \
        resize_downsample_scales_cubic_antialias resize_downsample_sizes_cubic \
        resize_downsample_sizes_cubic_antialias resize_upsample_scales_cubic \
        resize_upsample_scales_cubic_A_n0p5_exclude_outside \
        resize_upsample_scales_cubic_align_corners resize_upsample_scales_cubic_asymmetric \
        resize_upsample_sizes_cubic",
    ),
    refused(
        "node",
        r#"mode = "linear""#,
        "resize_downsample_scales_linear resize_downsample_scales_linear_align_corners \
        resize_downsample_scales_linear_antialias \
        resize_downsample_scales_linear_half_pixel_symmetric \
        resize_downsample_sizes_linear_antialias \
        resize_downsample_sizes_linear_pytorch_half_pixel resize_tf_crop_and_resize \
        resize_tf_crop_and_resize_axes_2_3 resize_tf_crop_and_resize_axes_3_2 \
        resize_tf_crop_and_resize_extrapolation_value resize_upsample_scales_linear \
        resize_upsample_scales_linear_align_corners \
        resize_upsample_scales_linear_half_pixel_symmetric",
    ),
    refused(
        "node",
        r#"mode = "nearest""#,
        "resize_downsample_scales_nearest resize_downsample_sizes_nearest \
        resize_upsample_scales_nearest_axes_2_3 \
        resize_upsample_scales_nearest_axes_3_2 resize_upsample_sizes_nearest \
        resize_upsample_sizes_nearest_axes_2_3 resize_upsample_sizes_nearest_axes_3_2 \
        resize_upsample_sizes_nearest_ceil_half_pixel \
        resize_upsample_sizes_nearest_floor_align_corners \
        resize_upsample_sizes_nearest_round_prefer_ceil_asymmetric",
    ),
    refused(
        "node",
        "keep_aspect_ratio_policy",
        "resize_downsample_sizes_nearest_not_larger \
        resize_downsample_sizes_nearest_not_smaller \
        resize_upsample_sizes_nearest_not_larger resize_upsample_sizes_nearest_not_smaller",
    ),
    refused("node", "an empty range", "slice_start_out_of_bounds"),
    refused("node", "the attribute alpha", "swish"),
    refused(
        "node",
        "a scale for each channel",
        "dequantizelinear_axis dequantizelinear_blocked",
    ),
    refused(
        "pytorch-operator",
        "inputs of several batch sizes",
        "operator_add_size1_singleton_broadcast",
    ),
    refused("pytorch-operator", "a computed input", "operator_addmm"),
    refused("pytorch-operator", "a part of the batch", "operator_index"),
    refused(
        "pytorch-operator",
        "anything but a value and single numbers",
        "operator_max operator_min",
    ),
    refused(
        "pytorch-operator",
        "not of numbers of a picture",
        "operator_non_float_params",
    ),
    refused("pytorch-operator", "a constant of", "operator_params"),
    refused(
        "pytorch-operator",
        "neither maps (N, C, H, W) nor vectors (N, C)",
        "operator_permute2",
    ),
    refused("pytorch-operator", "more than one exponent", "operator_pow"),
    refused(
        "pytorch-operator",
        "an output that no input changes",
        "operator_symbolic_override_nested",
    ),
];
