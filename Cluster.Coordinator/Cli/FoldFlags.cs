using System.CommandLine;
using Cluster.Ml.Data.Folds;

namespace Cluster.Coordinator.Cli;

/// <summary>The flags that say how rows are dealt to folds.</summary>
internal sealed class FoldFlags
{
    private const int FoldsMax = 100, RepeatsMax = 40;

    private readonly Option<int> _folds = new("--folds") { Description = $"How many folds, 2 to {FoldsMax}.", DefaultValueFactory = _ => 5 };
    private readonly Option<int> _repeats = new("--repeats") { Description = $"How often the rows are dealt anew, 1 to {RepeatsMax}.", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _group = new("--group") { Description = "A column whose equal values keep rows in one fold, such as a patient or a site; it is no feature." };
    private readonly Option<bool> _timeOrdered = new("--time-ordered") { Description = "Measures each fold by the rows before it alone, in the order of the file." };

    public FoldFlags()
    {
        _folds.Require(value => value is >= 2 and <= FoldsMax, $"2 to {FoldsMax}");
        _repeats.Require(value => value is >= 1 and <= RepeatsMax, $"1 to {RepeatsMax}");
    }

    public void AddTo(Command command)
    {
        command.Add(_folds);
        command.Add(_repeats);
        command.Add(_group);
        command.Add(_timeOrdered);
    }

    /// <summary>What they ask for; whether a job can have it, its tasks say.</summary>
    public FoldPlan Of(ParseResult parsed) => new(parsed.GetValue(_folds))
    {
        Repeats = parsed.GetValue(_repeats),
        Group = parsed.GetValue(_group),
        IsTimeOrdered = parsed.GetValue(_timeOrdered),
    };
}
