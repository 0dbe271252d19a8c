using Cluster.Coordinator.Tasks;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Tasks.Attacks;

namespace Cluster.Coordinator.Cli;

/// <summary>An attack whose pieces are computed as the tasks of a job.</summary>
internal sealed class AttackWork
{
    private readonly IAttackPieces _pieces;
    private readonly AttackOrder _order;
    private readonly string _name, _text, _base;

    /// <param name="kind">The attack.</param>
    /// <param name="target">What is attacked.</param>
    /// <param name="settings">What is asked of the attack.</param>
    /// <param name="files">Where the models of the target lie.</param>
    /// <exception cref="BadInputException">The attack cannot be made.</exception>
    public AttackWork(PiecewiseAttack kind, AttackTarget target, AttackSettings settings, ModelFiles files)
    {
        _pieces = kind.Cut(target, settings);
        if (_pieces.Count == 0) throw new BadInputException(target.Data, null, null, "at least one row", "none", "name other data");
        _order = new AttackOrder(kind.Name, settings, _pieces.Count)
        {
            Model = At(files.Model, target.Model),
            Substitute = At(files.Substitute, target.Substitute),
            Others = [.. target.Others.Select((model, which) => At(files.Others[which], model)!)],
            Rows = target.Rows,
            Low = target.Low,
            High = target.High,
        };
        (_name, _text, _base) = target.Job is { } job
            ? (job.Name, job.Text, job.BaseDirectory)
            : (kind.Name, AttackOrder.JobTextOf(kind.Name, target.Data), Path.GetDirectoryName(target.Data) ?? "/");
    }

    /// <summary>All that the attack is a function of but for its data: equal where one may go on with the other.</summary>
    public string Order => $"# {_order}\n{_text}";

    /// <summary>The job.</summary>
    /// <param name="directory">The folder in which it works.</param>
    public SubmitJob JobIn(string directory) => new(new JobId(_name), _text, _base, directory, new TaskOrder(AttackPieceKind.KindName, _order.ToString()), 0);

    /// <summary>What the tasks of the job, which has ended well, come to.</summary>
    /// <exception cref="BadInputException">Their results are not there.</exception>
    public AttackReport ReportIn(string directory) => _pieces.Combine(_order.PiecesIn(TaskResultFile.Read(directory)));

    private static AttackOrder.ModelAt? At(string? path, SavedModel? model) =>
        model is null || path is null ? null : new AttackOrder.ModelAt(Path.GetFullPath(path), model.Model.Sha256);

    /// <summary>Where models lie.</summary>
    /// <param name="Model">The attacked one; null if a job is attacked.</param>
    /// <param name="Substitute">The attacker's own; null if there is none.</param>
    /// <param name="Others">Further ones.</param>
    internal sealed record ModelFiles(string? Model, string? Substitute, IReadOnlyList<string> Others);
}
