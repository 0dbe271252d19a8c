using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.ParameterServer;
using Cluster.Messages;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Jobs;

/// <summary>Models as files RUNDIR/model.cluster, written whole or not at all.</summary>
internal sealed class FileModelStore : IModelStore
{
    /// <summary>The file's name in the run directory.</summary>
    public const string FileName = "model.cluster";

    /// <summary>Beside it, the images of a model that makes some.</summary>
    public const string ImagesFileName = "samples.png";

    private const int ImagesAcross = 10, ImagesDown = 10;

    private readonly WriteAuthority _authority;

    /// <param name="authority">What is written under; null if nothing competes.</param>
    public FileModelStore(WriteAuthority? authority = null) => _authority = authority ?? WriteAuthority.Unchallenged;

    public IModelStore Under(WriteAuthority authority) => new FileModelStore(authority);

    public ModelStored Write(JobContext job, JobRecord record, NumericBuffer state)
    {
        string path = Path.Combine(job.RunDirectory, FileName);
        TrainingCourse course = record.Course;
        TrainedModel model = new(
            state, course.Status, record.Step, course.EpochsDone, JobReports.TrainingOf(job, record), course.Validation, course.Test,
            NullIfNaN(job.Epsilon(record.Step)), NullIfNaN(job.Delta));
        try
        {
            Directory.CreateDirectory(job.RunDirectory);
            _authority.Require(path);
            ModelFile.Write(path, new SavedModel(job.Spec, job.Shape, job.Preprocessing, model));
            if ((job.Learner as IImageSource)?.DrawSheet(state, ImagesAcross, ImagesDown) is { } sheet)
                PngFile.Write(Path.Combine(job.RunDirectory, ImagesFileName), sheet);
            LearningCurve.Write(Path.Combine(job.RunDirectory, LearningCurve.FileName), record.Curve);
            GradientCurve.Write(Path.Combine(job.RunDirectory, GradientCurve.FileName), job.GradientLayers, record.Epochs);
            WriteResult(job, record, new ModelStored(path, model.Sha256));
            return new ModelStored(path, model.Sha256);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw StorageException.ForWriting(path, state.Bytes.Length, failure);
        }
    }

    public ModelPart Read(string runDirectory, long offset, int bytesMax)
    {
        using FileStream file = new(Path.Combine(runDirectory, FileName), FileMode.Open, FileAccess.Read, FileShare.Read);
        file.Position = Math.Clamp(offset, 0, file.Length);
        byte[] bytes = new byte[(int)Math.Min(bytesMax, file.Length - file.Position)];
        file.ReadExactly(bytes);
        return new ModelPart(file.Length, ImmutableCollectionsMarshal.AsImmutableArray(bytes));
    }

    /// <summary>What `report` and `runs` read; last, as it says that all else is there. Who follows the job adds how long it took.</summary>
    private static void WriteResult(JobContext job, JobRecord record, ModelStored stored)
    {
        if (!RunFiles.IsBegun(job.RunDirectory)) RunFiles.Write(job.RunDirectory, RunFiles.JobFileName, job.Spec.Text);
        JobFinished finished = JobReports.Finished(job, record, JobReports.StatusOf(record.Course.Status), record.Step) with
        {
            ModelPath = stored.Path,
            ModelSha256 = stored.StateSha256,
        };
        JsonObject result = ResultJson.OfTraining(finished, double.NaN, double.NaN, 0, job.RunDirectory);
        RunFiles.Write(job.RunDirectory, RunFiles.ResultFileName, result.ToJsonString());
    }

    private static double? NullIfNaN(double value) => double.IsNaN(value) ? null : value;
}
