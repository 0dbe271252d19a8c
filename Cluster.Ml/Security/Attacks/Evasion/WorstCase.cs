using System.Text.Json.Nodes;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>Several attacks of one budget: a row stands only if it withstands all of them.</summary>
/// <remarks>
/// Equation      attacked accuracy = rows that are told rightly after pgd, apgd on both losses, momentum, square and decision alike, over all rows
/// Threat model  the strongest of its attacks, row by row
/// Source        Croce, Hein, "Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-free Attacks", ICML 2020, for the idea
/// Differs       from AutoAttack in the attacks that it runs
/// </remarks>
internal sealed class WorstCase : PiecewiseAttack
{
    public override string Name => "worst-case";

    public override string Meaning => "pgd and apgd with restarts, momentum, square and decision: a row stands if it withstands all";

    public override string ThreatModel => "The strongest of pgd, apgd on two losses, momentum, square and decision, row by row: white box where the model has gradients, else black box alone.";

    public override string Source => "Croce and Hein, ICML 2020, for the idea";

    public override IReadOnlyList<string> Flags => ["epsilon", "steps", "restarts", "queries"];

    public override IAttackPieces Cut(AttackTarget target, AttackSettings settings)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(settings);
        (AttackedRows rows, AttackUnits units) = target.Read();
        bool white = target.Open(units).HasGradients;
        EvasionAttack[] all = [new Pgd(), new AutoPgd(AutoPgd.CrossEntropy), new AutoPgd(AutoPgd.LogitRatio), new MomentumFgsm(), new SquareAttack(), new HopSkipJump()];
        EvasionAttack[] attacks = [.. all.Where(attack => white || !attack.WhiteBox)];
        AttackSettings one = settings with
        {
            Norm = Norm.Linf,
            Epsilon = settings.EpsilonOr(attacks[0].EpsilonUsual(Norm.Linf)),
            Restarts = settings.Restarts ?? 3,
            Queries = settings.Queries ?? SquareAttack.QueriesUsual,
        };
        // Steps are those along gradients; what asks for classes alone walks until its queries are used up.
        EvasionRun[] runs = [.. attacks.Select(attack => new EvasionRun(attack, target, rows, units, attack.Minimizes ? one with { Steps = int.MaxValue } : one))];
        return new EvasionPieces(runs, () => Report(target, rows, units, one, runs));
    }

    private AttackReport Report(AttackTarget target, AttackedRows rows, AttackUnits units, AttackSettings settings, EvasionRun[] runs)
    {
        JsonObject each = [];
        foreach (EvasionRun run in runs) each[run.Attack] = run.AttackedAccuracy;
        JsonObject figures = new()
        {
            ["attack"] = Name,
            ["rows"] = rows.Count,
            ["clean_accuracy"] = runs[0].CleanAccuracy,
            ["attacked_accuracy"] = rows.Count == 0 ? 0 : (double)Enumerable.Range(0, rows.Count).Count(row => runs.All(run => run.Stays[row])) / rows.Count,
            ["each"] = each,
            ["epsilon"] = settings.Epsilon,
            ["norm"] = NormBall.NameOf(Norm.Linf),
            ["queries"] = runs.Sum(run => run.Queries),
            ["units"] = units.Name,
            ["seed"] = settings.Seed,
            ["model_sha256"] = target.RequiredModel.Model.Sha256,
        };
        return new AttackReport(figures, [ThreatModel]);
    }
}
