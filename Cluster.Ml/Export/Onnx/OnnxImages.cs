using Cluster.Ml.Numerics;

namespace Cluster.Ml.Export.Onnx;

/// <summary>Images: channels last here, channels first in the operators of ONNX.</summary>
internal static class OnnxImages
{
    /// <summary>[rows, H, W, C] → [rows, C, H, W].</summary>
    public static string ChannelsFirst(OnnxGraph graph, string images) => graph.Add("Transpose", [images], OnnxAttribute.Of("perm", [0, 3, 1, 2]));

    /// <summary>[rows, C, H, W] → [rows, H, W, C].</summary>
    public static string ChannelsLast(OnnxGraph graph, string images) => graph.Add("Transpose", [images], OnnxAttribute.Of("perm", [0, 2, 3, 1]));

    /// <summary>Size, steps and padding of a window.</summary>
    public static OnnxAttribute[] Window(WindowShape window) =>
    [
        OnnxAttribute.Of("kernel_shape", [window.WindowHeight, window.WindowWidth]),
        OnnxAttribute.Of("strides", [window.Stride, window.Stride]),
        OnnxAttribute.Of("pads",
        [
            window.PadTop, window.PadLeft,
            window.PaddedHeight - window.Height - window.PadTop, window.PaddedWidth - window.Width - window.PadLeft,
        ]),
    ];
}
