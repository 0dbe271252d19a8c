using System.CommandLine;
using Cluster.Ml.Security.Attacks;

namespace Cluster.Coordinator.Cli;

/// <summary>The flags that settle an attack; each kind has those that it looks at.</summary>
internal sealed class AttackFlags
{
    private readonly Option<string?> _norm = new("--norm") { Description = "How changes are measured: linf or l2." };
    private readonly Option<double?> _epsilon = Number("--epsilon", "The largest change of a row, in the source's units; of pixels 0 to 1.", "above 0");
    private readonly Option<int?> _steps = Whole("--steps", "Steps.");
    private readonly Option<double?> _stepSize = Number("--step-size", "How far a step goes; of an attack by an optimizer, its rate.", "above 0");
    private readonly Option<int?> _restarts = Whole("--restarts", "Random starts (default: 1).");
    private readonly Option<int?> _queries = Whole("--queries", "The most queries: of each row, or of all of an extraction.");
    private readonly Option<double?> _confidence = new("--confidence") { Description = "The margin by which a row must be misclassified (default: 0)." };
    private readonly Option<string?> _with = new("--with") { Description = "The attack that is made on the substitute (default: pgd)." };
    private readonly Option<double?> _noise = Number("--noise", "Standard deviation of noise around a row, in the source's units (default: 0.25).", "above 0");
    private readonly Option<int?> _models = Whole("--models", "Models that the attacker trains.");

    public AttackFlags()
    {
        _norm.AcceptOnlyFromAmong("linf", "l2");
        _confidence.Require(value => value >= 0, "at least 0");
    }

    public void AddTo(Command command, IReadOnlyList<string> flags)
    {
        foreach (Option option in All().Where(option => flags.Contains(option.Name[2..]))) command.Add(option);
    }

    public AttackSettings Of(ParseResult parsed, IReadOnlyList<string> flags)
    {
        T? Get<T>(Option<T?> option) => flags.Contains(option.Name[2..]) ? parsed.GetValue(option) : default;
        return new AttackSettings
        {
            Norm = Get(_norm) switch { "linf" => Norm.Linf, "l2" => Norm.L2, _ => null },
            Epsilon = Get(_epsilon),
            Steps = Get(_steps),
            StepSize = Get(_stepSize),
            Restarts = Get(_restarts),
            Queries = Get(_queries),
            Confidence = Get(_confidence),
            With = Get(_with),
            Noise = Get(_noise),
            Models = Get(_models),
        };
    }

    private IEnumerable<Option> All() => [_norm, _epsilon, _steps, _stepSize, _restarts, _queries, _confidence, _with, _noise, _models];

    private static Option<double?> Number(string name, string description, string wanted)
    {
        Option<double?> option = new(name) { Description = description };
        option.Require(value => value > 0 && double.IsFinite(value), wanted);
        return option;
    }

    private static Option<int?> Whole(string name, string description)
    {
        Option<int?> option = new(name) { Description = description };
        option.Require(value => value >= 1, "at least 1");
        return option;
    }
}
