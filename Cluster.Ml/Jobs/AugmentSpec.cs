using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>Random changes of training images, drawn anew for every example in every epoch.</summary>
/// <param name="Shift">Moves by up to so many pixels each way; what comes in is 0.</param>
/// <param name="Flip">Mirrors left and right, one time in two.</param>
/// <param name="Crop">Cuts out a window that lacks up to so many rows and as many columns, and enlarges it to the old size.</param>
/// <param name="Noise">Standard deviation of Gaussian noise on every scaled number.</param>
public sealed record AugmentSpec(int Shift, bool Flip, int Crop, double Noise)
{
    /// <summary>A value of the key, for a message.</summary>
    internal const string Example = "{ shift: 2, flip: true }";

    /// <summary>The keys of data.augment.</summary>
    internal static readonly KeySet<AugmentSpec> Declared = new KeySet<AugmentSpec>(new(0, false, 0, 0))
        .Whole(
            "shift", "Moves by up to so many pixels each way; what comes in is 0.", o => o.Shift, (o, value) => o with { Shift = value }, 0,
            JobDefaults.FilterMax, unit: "pixels")
        .Flag("flip", "Whether images are mirrored left and right, one time in two.", o => o.Flip, (o, value) => o with { Flip = value }).Written(_ => true)
        .Whole(
            "crop", "Cuts out a window that lacks up to so many rows and as many columns, and enlarges it to the old size.", o => o.Crop,
            (o, value) => o with { Crop = value }, 0, JobDefaults.FilterMax, unit: "pixels")
        .Number(
            "noise", "Standard deviation of Gaussian noise on every scaled number.", o => o.Noise, (o, value) => o with { Noise = value },
            NumberRange.Between(0, 1000, "a standard deviation"));
}
