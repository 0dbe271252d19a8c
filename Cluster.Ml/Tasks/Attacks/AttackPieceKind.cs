using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Security.Attacks;

namespace Cluster.Ml.Tasks.Attacks;

/// <summary>An attack: a task computes some of its pieces, whatever the attack.</summary>
/// <remarks>
/// Range    the attack's report is made of the results afterwards (<see cref="AttackOrder.PiecesIn"/>, <see cref="IAttackPieces.Combine"/>)
/// Privacy  models that an attack trains on private data are thrown away and draw from the attack's seed, so that they are not private; nothing of
///          them is kept but what the report says, and no ledger counts them
/// </remarks>
public sealed class AttackPieceKind : TaskKind
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "attack";

    /// <inheritdoc/>
    public override string Name => KindName;

    /// <inheritdoc/>
    public override string Meaning => "computes some pieces of an attack: rows that are changed, a shadow model, a substitute";

    /// <inheritdoc/>
    public override bool KeepsResults => true;

    /// <inheritdoc/>
    public override void Require(TaskJob job) => AttackOrder.Read(job.Specification);

    /// <inheritdoc/>
    public override IReadOnlyList<string> NextRound(TaskJob job, IReadOnlyList<TaskDone> done) =>
        done.Count > 0 ? [] : [.. Enumerable.Repeat(job.Specification, AttackOrder.Read(job.Specification).Tasks)];

    /// <inheritdoc/>
    public override PreparedData Load(TaskInput input, RowStorage storage)
    {
        (JobSpec spec, AttackOrder order) = (SpecOf(input), AttackOrder.Read(input.Specification));
        if (order.Model is null) return PreparedData.LoadIdentified(spec, Learners.NumbersFor(spec), storage);
        AttackTarget target = order.TargetOf(spec, null, storage);
        return PreparedData.OfAsked(target.ReadRows(), target.RequiredModel.Preprocessing, SourceIdentity.OfRows(spec.Data.Source));
    }

    /// <inheritdoc/>
    public override byte[] Run(TaskInput input, PreparedData data)
    {
        AttackOrder order = AttackOrder.Read(input.Specification);
        IAttackPieces pieces = order.Kind.Cut(order.TargetOf(SpecOf(input), data), order.Settings);
        if (pieces.Count != order.Pieces)
            throw new BadInputException(input.Job, null, null, $"data for {order.Pieces} pieces, as when the attack began", $"{pieces.Count}", "leave the data as it is until the attack has ended");
        return Pack([.. order.PiecesOf(input.Index).Select(pieces.Run)]);
    }

    /// <inheritdoc/>
    public override TaskReport ReportOf(TaskDone done)
    {
        Unpack(done.Result);
        return new TaskReport(Metrics.None, "");
    }

    /// <summary>None that a ledger would count.</summary>
    public override int TrainingsOf(TaskJob job) => 0;

    /// <summary>The results of the pieces of one task: the length of each, then its bytes.</summary>
    internal static byte[] Pack(IReadOnlyList<byte[]> pieces) => PieceBytes.Of(writer =>
    {
        foreach (byte[] piece in pieces)
        {
            writer.Write(piece.Length);
            writer.Write(piece);
        }
    });

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    /// <exception cref="InvalidDataException">They are other bytes.</exception>
    internal static IReadOnlyList<ReadOnlyMemory<byte>> Unpack(ReadOnlyMemory<byte> result)
    {
        List<ReadOnlyMemory<byte>> pieces = [];
        PieceBytes.Read(result, reader =>
        {
            while (reader.BaseStream.Position < reader.BaseStream.Length)
            {
                int length = reader.ReadInt32();
                byte[] piece = length >= 0 ? reader.ReadBytes(length) : [];
                if (length != piece.Length) throw new EndOfStreamException();
                pieces.Add(piece);
            }
        });
        return pieces;
    }
}
