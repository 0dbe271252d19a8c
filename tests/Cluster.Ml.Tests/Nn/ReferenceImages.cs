using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Tests.Nn;

/// <summary>Networks that look at images in plain double precision, slow and obvious: what the fast ones are compared with.</summary>
internal sealed class ReferenceImages(IReadOnlyList<LayerSpec> layers, ImageShape image, int classes)
{
    private sealed record Image(int Height, int Width, int Channels, double[] Numbers)
    {
        public double At(int i, int j, int c) => i < 0 || j < 0 || i >= Height || j >= Width ? 0 : Numbers[(((i * Width) + j) * Channels) + c];
    }

    /// <summary>The loss of one example.</summary>
    public double Loss(ReadOnlySpan<double> parameters, double[] x, double target)
    {
        int offset = 0;
        Image last = Run(layers, new Image(image.Height, image.Width, image.Channels, x), parameters, ref offset);
        double[] z = Dense(last with { Height = 1, Width = 1, Channels = last.Numbers.Length }, classes, "none", parameters, ref offset).Numbers;
        double max = z.Max();
        return max + Math.Log(z.Sum(v => Math.Exp(v - max))) - z[(int)target];
    }

    private static Image Run(IReadOnlyList<LayerSpec> layers, Image x, ReadOnlySpan<double> parameters, ref int offset)
    {
        foreach (LayerSpec layer in layers)
            x = layer switch
            {
                ConvolutionOptions conv => Convolve(x, conv, parameters, ref offset),
                MaxPoolingOptions pool => Pool(x, pool.Window, Enumerable.Max),
                AveragePoolingOptions pool => Pool(x, pool.Window, Enumerable.Average),
                ReshapeOptions or FlattenOptions => x with { Height = 1, Width = 1, Channels = x.Numbers.Length },
                ActivationOptions activate => x with { Numbers = [.. x.Numbers.Select(v => Activated(v, activate.Activation))] },
                DenseOptions dense => Dense(x, dense.Units, dense.Activation, parameters, ref offset),
                JoinOptions join => Join(x, join, parameters, ref offset),
                _ => throw new InvalidOperationException($"{layer}"),
            };
        return x;
    }

    private static Image Convolve(Image x, ConvolutionOptions conv, ReadOnlySpan<double> parameters, ref int offset)
    {
        (WindowSpec w, int filters) = (conv.Window, conv.Filters);
        (int height, int top) = Places(x.Height, w.Height, w.Stride, w.Same);
        (int width, int left) = Places(x.Width, w.Width, w.Stride, w.Same);
        double[] y = new double[height * width * filters];
        for (int i = 0; i < height; i++)
            for (int j = 0; j < width; j++)
                for (int o = 0; o < filters; o++)
                {
                    double sum = parameters[offset + (w.Height * w.Width * x.Channels * filters) + o];
                    for (int u = 0; u < w.Height; u++)
                        for (int v = 0; v < w.Width; v++)
                            for (int c = 0; c < x.Channels; c++)
                                sum += x.At((i * w.Stride) + u - top, (j * w.Stride) + v - left, c)
                                    * parameters[offset + (((((u * w.Width) + v) * x.Channels) + c) * filters) + o];
                    y[(((i * width) + j) * filters) + o] = Activated(sum, conv.Activation);
                }
        offset += ((w.Height * w.Width * x.Channels) + 1) * filters;
        return new Image(height, width, filters, y);
    }

    private static Image Pool(Image x, WindowSpec w, Func<IEnumerable<double>, double> together)
    {
        (int height, int top) = Places(x.Height, w.Height, w.Stride, w.Same);
        (int width, int left) = Places(x.Width, w.Width, w.Stride, w.Same);
        double[] y = new double[height * width * x.Channels];
        for (int i = 0; i < height; i++)
            for (int j = 0; j < width; j++)
                for (int c = 0; c < x.Channels; c++)
                {
                    IEnumerable<double> under =
                        from row in Enumerable.Range((i * w.Stride) - top, w.Height).Where(r => r >= 0 && r < x.Height)
                        from column in Enumerable.Range((j * w.Stride) - left, w.Width).Where(r => r >= 0 && r < x.Width)
                        select x.At(row, column, c);
                    y[(((i * width) + j) * x.Channels) + c] = together(under);
                }
        return new Image(height, width, x.Channels, y);
    }

    private static Image Dense(Image x, int units, string activation, ReadOnlySpan<double> parameters, ref int offset)
    {
        double[] y = new double[x.Height * x.Width * units];
        for (int pixel = 0; pixel < x.Height * x.Width; pixel++)
            for (int o = 0; o < units; o++)
            {
                double sum = parameters[offset + (x.Channels * units) + o];
                for (int c = 0; c < x.Channels; c++) sum += x.Numbers[(pixel * x.Channels) + c] * parameters[offset + (c * units) + o];
                y[(pixel * units) + o] = Activated(sum, activation);
            }
        offset += (x.Channels + 1) * units;
        return x with { Channels = units, Numbers = y };
    }

    private static Image Join(Image x, JoinOptions join, ReadOnlySpan<double> parameters, ref int offset)
    {
        List<Image> branches = [];
        foreach (BranchSpec branch in join.Branches) branches.Add(Run(branch.Layers, x, parameters, ref offset));
        if (join is SumOptions && branches.Find(branch => branch.Channels != x.Channels) is { } wider)
            for (int i = 0; i < branches.Count; i++)
                if (join.Branches[i].Layers.Count == 0)
                    branches[i] = Convolve(x, new ConvolutionOptions(wider.Channels, new WindowSpec(1, 1, 1, true), "none"), parameters, ref offset);
        if (join is SumOptions) return branches.Aggregate((a, b) => a with { Numbers = [.. a.Numbers.Zip(b.Numbers, (p, q) => p + q)] });
        IEnumerable<double> pixels =
            from pixel in Enumerable.Range(0, branches[0].Height * branches[0].Width)
            from branch in branches
            from c in Enumerable.Range(0, branch.Channels)
            select branch.Numbers[(pixel * branch.Channels) + c];
        return branches[0] with { Channels = branches.Sum(b => b.Channels), Numbers = [.. pixels] };
    }

    private static (int Places, int Before) Places(int size, int window, int stride, bool same)
    {
        if (!same) return (((size - window) / stride) + 1, 0);
        int places = (size + stride - 1) / stride;
        return (places, Math.Max(((places - 1) * stride) + window - size, 0) / 2);
    }

    private static double Activated(double z, string activation) => activation switch
    {
        "relu" => Math.Max(z, 0),
        "leaky-relu" => z < 0 ? 0.01 * z : z,
        "tanh" => Math.Tanh(z),
        "sigmoid" => 1 / (1 + Math.Exp(-z)),
        _ => z,
    };
}
