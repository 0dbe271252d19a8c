using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data;

/// <summary>The shape of a job's data as far as the job itself tells it, where the data is not at hand.</summary>
public static class KnownShape
{
    private const int CifarSide = 32, CifarChannels = 3, CifarClasses = 10;

    /// <summary>The shape; null if the job leaves the features or the classes to the data.</summary>
    /// <remarks>Differs  from the data's own in the number of examples, which is taken as one batch: no layer depends on it</remarks>
    public static DataShape? Of(JobSpec spec)
    {
        DataSpec data = spec.Data;
        bool cifar = data.Format == DataFormat.Cifar;
        ImageShape? image = data.Image ?? (cifar ? new ImageShape(CifarSide, CifarSide, CifarChannels) : null);
        if (image is null || data.Text is not null) return null;
        IReadOnlyList<string> classes = data.Classes.Count > 0 ? data.Classes : cifar ? [.. Enumerable.Range(0, CifarClasses).Select(label => $"{label}")] : [];
        bool needsClasses = spec.Learner.TargetOf(spec.Model.Options) == TargetKind.Class;
        if (needsClasses && classes.Count == 0) return null;
        int features = image.Height * image.Width * image.Channels;
        return new DataShape(features, classes, Math.Max(1, spec.Training.Batch), [.. Enumerable.Range(0, features).Select(i => $"{i}")], image);
    }
}
