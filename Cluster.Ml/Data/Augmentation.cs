using Cluster.Ml.Jobs;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Data;

/// <summary>Changes training images at random: cut and enlarged, mirrored, moved, noised, in this order.</summary>
/// <remarks>
/// Shapes       x [height, width, channels] → y the same
/// Determinism  an image depends on (seed, epoch, example) alone, neither on batches nor on workers
/// Source       Goodfellow, Bengio, Courville, Deep Learning (2016), § 7.4
/// </remarks>
internal sealed class Augmentation
{
    private readonly AugmentSpec _spec;
    private readonly ImageShape _image;
    private readonly ulong _seed;
    private readonly float[] _noise;

    /// <summary>Changes images of one size, on one thread.</summary>
    /// <exception cref="BadInputException">The data are no images, or nothing would be left of them.</exception>
    public Augmentation(AugmentSpec spec, DataShape shape, ulong seed, string job)
    {
        _image = shape.Image ?? throw new BadInputException(
            job, null, null, "images, as the key 'data.augment' needs", "a table", "remove it, or take IDX or CIFAR data");
        int least = Math.Min(_image.Height, _image.Width);
        if (Math.Max(spec.Shift, spec.Crop) >= least)
            throw new BadInputException(
                job, null, null, $"data.augment.shift and crop below {least}, the images' smaller side", $"{Math.Max(spec.Shift, spec.Crop)}", "take a smaller number");
        (_spec, _seed, _noise) = (spec, seed, new float[spec.Noise > 0 ? shape.Features : 0]);
    }

    /// <summary>Writes the changed image.</summary>
    /// <param name="x">As the data have it.</param>
    /// <param name="y">Overwritten; must not overlap x.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="example">The example's number among all training rows.</param>
    public void Apply(ReadOnlySpan<float> x, Span<float> y, int epoch, int example)
    {
        RandomStream random = RandomStream.At(_seed, RandomPurpose.Augment, epoch, example);
        int lost = random.Next(_spec.Crop + 1), top = random.Next(lost + 1), left = random.Next(lost + 1);
        bool mirrors = random.Next(2) == 1 && _spec.Flip;
        int down = random.Next((2 * _spec.Shift) + 1) - _spec.Shift, right = random.Next((2 * _spec.Shift) + 1) - _spec.Shift;
        int channels = _image.Channels, height = _image.Height - lost, width = _image.Width - lost;
        for (int i = 0; i < _image.Height; i++)
            for (int j = 0; j < _image.Width; j++)
            {
                Span<float> pixel = y.Slice(((i * _image.Width) + j) * channels, channels);
                (int row, int column) = (i - down, j - right);
                if (row < 0 || row >= _image.Height || column < 0 || column >= _image.Width)
                {
                    pixel.Clear();
                    continue;
                }
                if (mirrors) column = _image.Width - 1 - column;
                int from = ((top + (row * height / _image.Height)) * _image.Width) + left + (column * width / _image.Width);
                x.Slice(from * channels, channels).CopyTo(pixel);
            }
        if (_noise.Length > 0) AddNoise(y, epoch, example);
    }

    private void AddNoise(Span<float> y, int epoch, int example)
    {
        Philox.FillGaussian(_noise, _seed, RandomPurpose.AugmentNoise, epoch, (long)example * _noise.Length);
        for (int i = 0; i < _noise.Length; i++) y[i] = MathF.FusedMultiplyAdd((float)_spec.Noise, _noise[i], y[i]);
    }
}
