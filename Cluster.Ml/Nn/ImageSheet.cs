using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Nn;

/// <summary>Lays images side by side, such as those that a generator makes of random codes.</summary>
/// <remarks>Range  code i depends on (seed, i) alone; numbers below 0 are black and above 1 white</remarks>
internal static class ImageSheet
{
    private const int Gap = 1;

    public static Image Draw(NetworkModel model, Network generator, ImageShape image, ReadOnlySpan<float> parameters, ulong seed, int across, int down, int count)
    {
        NetworkPass pass = new(generator);
        pass.Begin(count);
        Philox.FillGaussian(pass.Inputs, seed, RandomPurpose.Images, 0, 0);
        pass.Forward(parameters, null);
        Span<float> pixels = pass.OutputOf(generator.Heads[0]);
        if (model.GeneratesLogits) StableMath.Sigmoid(pixels, pixels);
        return Lay(pixels, image, across, down, count);
    }

    /// <summary>Lays images side by side, row after row.</summary>
    public static Image Lay(ReadOnlySpan<float> pixels, ImageShape image, int across, int down, int count)
    {
        int width = (across * (image.Width + Gap)) - Gap, height = (down * (image.Height + Gap)) - Gap, channels = image.Channels == 3 ? 3 : 1;
        byte[] sheet = new byte[width * height * channels];
        int line = image.Width * image.Channels;
        for (int i = 0; i < count; i++)
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<float> from = pixels.Slice((i * image.Height * line) + (y * line), line);
                int top = (i / across * (image.Height + Gap)) + y, left = i % across * (image.Width + Gap);
                Span<byte> to = sheet.AsSpan(((top * width) + left) * channels);
                for (int x = 0; x < image.Width; x++)
                    for (int c = 0; c < channels; c++) to[(x * channels) + c] = ToByte(from[(x * image.Channels) + c]);
            }
        return new Image(width, height, channels, sheet);
    }

    private static byte ToByte(float value) => (byte)((Math.Clamp(float.IsNaN(value) ? 0 : value, 0, 1) * 255) + 0.5f);
}
