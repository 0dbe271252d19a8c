using Cluster.Coordinator.Authority;
using Cluster.Coordinator.ParameterServer;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Jobs;

/// <summary>How the coordinator's own journal entries are written; the rest of its journals are protocol records.</summary>
internal static class CoordinatorCodecs
{
    /// <summary>Adds them to a node's registry.</summary>
    public static MessageCodecs AddTo(MessageCodecs codecs) => codecs
        .Register<StageEnded>("jSE1", (writer, ended) => Write(writer, ended, codecs), reader => ReadStageEnded(reader, codecs), Limits.MessageBytesMax)
        .Register<JobResumed>(
            "jJR1",
            (writer, resumed) =>
            {
                WriteJob(writer, resumed.Job);
                writer.Int32(resumed.Run);
            },
            reader => new JobResumed(ReadJob(reader), reader.Int32(nameof(JobResumed.Run), 1, int.MaxValue)))
        .Register<JobBegun>("jJB1", (writer, begun) => WriteJob(writer, begun.Job), reader => new JobBegun(ReadJob(reader)))
        .Register<SecretDrawn>(
            "jSD1",
            (writer, drawn) =>
            {
                WriteJob(writer, drawn.Job);
                writer.Bytes(drawn.Secret.ToBytes(), PrivacySecret.Length, nameof(SecretDrawn.Secret));
            },
            reader => new SecretDrawn(ReadJob(reader), PrivacySecret.FromBytes(reader.Bytes(PrivacySecret.Length, nameof(SecretDrawn.Secret)).AsSpan())))
        .Register<AuthorityTaken>(
            "jAT1",
            (writer, taken) => writer.Int64(taken.Token),
            reader => new AuthorityTaken(reader.Int64(nameof(AuthorityTaken.Token))))
        .Register<ParameterServerStarted>(
            "jPS1",
            (writer, started) =>
            {
                WriteJob(writer, started.Job);
                writer.Int64(started.Incarnation);
            },
            reader => new ParameterServerStarted(ReadJob(reader), reader.Int64(nameof(ParameterServerStarted.Incarnation))))
        .Register<NoiseReserved>(
            "jNR1",
            (writer, reserved) =>
            {
                WriteJob(writer, reserved.Job);
                writer.Int64(reserved.Steps);
            },
            reader => new NoiseReserved(ReadJob(reader), reader.Int64(nameof(NoiseReserved.Steps))));

    private static void Write(WireWriter writer, StageEnded ended, MessageCodecs codecs)
    {
        WriteJob(writer, ended.Job);
        writer.Int32(ended.Stage);
        writer.Text(ended.JobText, Limits.JobTextBytesMax, nameof(ended.JobText));
        WireWriter result = new(NoActors.Instance);
        CodecOf<JobFinished>(codecs).Write(result, ended.Result);
        writer.Bytes(result.Written, Limits.MessageBytesMax, nameof(ended.Result));
    }

    private static StageEnded ReadStageEnded(WireReader reader, MessageCodecs codecs) => new(
        ReadJob(reader), reader.Int32(nameof(StageEnded.Stage), 0, int.MaxValue), reader.Text(Limits.JobTextBytesMax, nameof(StageEnded.JobText)),
        (JobFinished)CodecOf<JobFinished>(codecs).Read(reader.Bytes(Limits.MessageBytesMax, nameof(StageEnded.Result)).AsMemory(), NoActors.Instance));

    private static MessageCodec CodecOf<T>(MessageCodecs codecs) =>
        codecs.TryFind(typeof(T), out MessageCodec? codec) ? codec : throw new InvalidOperationException($"CoordinatorCodecs: wanted a codec of {typeof(T).Name}, got none.");

    private static void WriteJob(WireWriter writer, JobId job) => writer.Text(job.Value, Limits.JobIdBytesMax, "Job");

    private static JobId ReadJob(WireReader reader) => new(reader.Text(Limits.JobIdBytesMax, "Job"));
}
