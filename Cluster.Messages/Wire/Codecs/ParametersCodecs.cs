using Cluster.Messages.Identifiers;

namespace Cluster.Messages.Wire.Codecs;

/// <summary>Codecs of what a job's parameter server answers its coordinator, which journals it (Jobs.cs).</summary>
internal static class ParametersCodecs
{
    public static void AddTo(MessageCodecs codecs) => codecs
        .Register<EpochTrained>("ET3", Write, ReadEpochTrained, Limits.VectorMessageBytesMax)
        .Register<SplitEvaluated>("SE2", Write, ReadSplitEvaluated, Limits.VectorMessageBytesMax)
        .Register<BestKept>("BK1", (w, m) => Write(w, m.Job, m.Epoch), r => new BestKept(r.Job(), Epoch(r)))
        .Register<BestRestored>("BR1", (w, m) => Write(w, m.Job, m.Epoch), r => new BestRestored(r.Job(), Epoch(r)))
        .Register<ModelSaved>("MS1", Write, ReadModelSaved)
        .Register<CheckpointWritten>("CW1", Write, ReadCheckpointWritten)
        .Register<PrivacyExhausted>("PE1", Write, ReadPrivacyExhausted);

    private static int Epoch(WireReader reader) => reader.Int32("Epoch");

    private static void Write(WireWriter writer, JobId job, int epoch)
    {
        writer.Job(job);
        writer.Int32(epoch);
    }

    private static void Write(WireWriter writer, EpochTrained message)
    {
        Write(writer, message.Job, message.Epoch);
        writer.Int64(message.Step);
        writer.Double(message.MeanLoss);
        writer.Double(message.Accuracy);
        writer.Int64(message.Examples);
        writer.Boolean(message.Converged);
        writer.Payload(message.GradientNorms, nameof(message.GradientNorms));
    }

    private static EpochTrained ReadEpochTrained(WireReader reader) => new(
        reader.Job(), Epoch(reader), reader.Int64(nameof(EpochTrained.Step)), reader.Double(nameof(EpochTrained.MeanLoss)),
        reader.Double(nameof(EpochTrained.Accuracy)), reader.Int64(nameof(EpochTrained.Examples)),
        reader.Boolean(nameof(EpochTrained.Converged)), reader.Payload(nameof(EpochTrained.GradientNorms)));

    private static void Write(WireWriter writer, SplitEvaluated message)
    {
        writer.Job(message.Job);
        writer.Purpose(message.Purpose);
        writer.Int32(message.Epoch);
        writer.Payload(message.Sums, nameof(message.Sums));
    }

    private static SplitEvaluated ReadSplitEvaluated(WireReader reader) =>
        new(reader.Job(), reader.Purpose(), Epoch(reader), reader.Payload(nameof(SplitEvaluated.Sums)));

    private static void Write(WireWriter writer, ModelSaved message)
    {
        writer.Job(message.Job);
        writer.Text(message.Path, Limits.PathBytesMax, nameof(message.Path));
        writer.Text(message.Sha256, Limits.HashBytesMax, nameof(message.Sha256));
    }

    private static ModelSaved ReadModelSaved(WireReader reader) => new(
        reader.Job(), reader.Text(Limits.PathBytesMax, nameof(ModelSaved.Path)), reader.Text(Limits.HashBytesMax, nameof(ModelSaved.Sha256)));

    private static void Write(WireWriter writer, CheckpointWritten message)
    {
        writer.Job(message.Job);
        writer.Int64(message.Step);
        writer.Int32(message.Epoch);
        writer.Text(message.Sha256, Limits.HashBytesMax, nameof(message.Sha256));
    }

    private static CheckpointWritten ReadCheckpointWritten(WireReader reader) => new(
        reader.Job(), reader.Int64(nameof(CheckpointWritten.Step)), Epoch(reader),
        reader.Text(Limits.HashBytesMax, nameof(CheckpointWritten.Sha256)));

    private static void Write(WireWriter writer, PrivacyExhausted message)
    {
        writer.Job(message.Job);
        writer.Int64(message.Step);
        writer.Double(message.Epsilon);
    }

    private static PrivacyExhausted ReadPrivacyExhausted(WireReader reader) =>
        new(reader.Job(), reader.Int64(nameof(PrivacyExhausted.Step)), reader.Double(nameof(PrivacyExhausted.Epsilon)));
}
