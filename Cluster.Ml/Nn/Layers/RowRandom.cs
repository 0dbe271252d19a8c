using Cluster.Ml.Randomness;

namespace Cluster.Ml.Nn.Layers;

/// <summary>Keys of the numbers that are drawn for single rows.</summary>
/// <remarks>
/// Range  every number depends on the seed, the purpose, the step, the example and the unit alone; numbers drawn while a
///        model is measured never equal those of training
/// </remarks>
/// <param name="seed">The job's seed.</param>
/// <param name="unitsPerRow">How many units of the network randomness decides on: <see cref="Layer.RandomPerRow"/> of all layers.</param>
internal sealed class RowRandom(ulong seed, int unitsPerRow)
{
    /// <summary>Whether the rows are learned from; otherwise layers that disturb their input only to teach leave it as it is.</summary>
    public bool Training { get; set; } = true;

    /// <summary>The step; 0 while a model is measured.</summary>
    public long Step { get; set; }

    /// <summary>Number of each row among all training rows, or, while a model is measured, in its table, [rows].</summary>
    public int[] ExampleIds { get; set; } = [];

    /// <summary>Uniform numbers in [0, 1) of one row.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="firstUnit">The first unit's number among all units of the network that randomness decides on.</param>
    /// <param name="numbers">Overwritten.</param>
    public void FillUniform(int row, int firstUnit, Span<float> numbers) =>
        Philox.FillUniform(numbers, seed, Training ? RandomPurpose.Dropout : RandomPurpose.MeasuringMasks, Step, FirstOf(row, firstUnit));

    /// <summary>Numbers of the standard normal distribution of one row.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="firstUnit">The first unit's number among all units of the network that randomness decides on.</param>
    /// <param name="numbers">Overwritten.</param>
    public void FillGaussian(int row, int firstUnit, Span<float> numbers) =>
        Philox.FillGaussian(numbers, seed, Training ? RandomPurpose.Noise : RandomPurpose.MeasuringNoise, Step, FirstOf(row, firstUnit));

    private long FirstOf(int row, int firstUnit) => ((long)ExampleIds[row] * unitsPerRow) + firstUnit;
}
