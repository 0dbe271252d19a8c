using System.Security.Cryptography;
using System.Text;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Security.Attacks.Inference;

/// <summary>What an audit found.</summary>
/// <param name="Canaries">Rows that were in or out by a coin.</param>
/// <param name="Guesses">Guesses that were made.</param>
/// <param name="Correct">Guesses that were right.</param>
/// <param name="EpsilonLower">What training leaks at the least.</param>
/// <param name="EpsilonUpper">What the accountant says that it leaks at the most; null without privacy.</param>
/// <param name="Delta">δ of both.</param>
/// <param name="Confidence">Of the lower bound.</param>
public sealed record AuditResult(int Canaries, int Guesses, int Correct, double EpsilonLower, double? EpsilonUpper, double Delta, double Confidence);

/// <summary>Audits a job in one run: some training rows get a wrong class, a coin decides which of them take part, and the trained model is asked which did.</summary>
/// <remarks>
/// Equation      score = log p/(1 − p) of the canary's wrong class; the r/2 highest are guessed in, the r/2 lowest out;
///               the bound is <see cref="OneRunAudit.EpsilonLower"/>
/// Threat model  the attacker writes the canaries, sees the trained model, and knows every other row
/// Determinism   canaries, coins and noise are keyed by the seed. The model is thrown away: it is not private, since the seed is known
/// Source        Steinke, Nasr, Jagielski, "Privacy Auditing with One (1) Training Run", NeurIPS 2023, algorithm 1
/// </remarks>
public static class PrivacyAudit
{
    /// <summary>Runs the audit.</summary>
    /// <param name="job">The job, private or not.</param>
    /// <param name="storage">Where rows are kept.</param>
    /// <param name="canaries">How many; at most half of the training rows.</param>
    /// <param name="guesses">How many, fixed beforehand.</param>
    /// <param name="confidence">Of the lower bound.</param>
    /// <param name="seed">Decides canaries, coins and noise.</param>
    /// <exception cref="BadInputException">The job learns no classes, or has too few rows.</exception>
    public static AuditResult Run(JobSpec job, RowStorage storage, int canaries, int guesses, double confidence, ulong seed)
    {
        if (PreparedData.TargetOf(job.Model) != TargetKind.Class || job.Data.Text is not null)
            throw new BadInputException(job.Name, null, null, "a job that learns classes", job.Model.Kind, "audit a classifier, such as softmax, mlp or cnn");
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job), storage);
        int[] rows = data.Training.Order.ToArray();
        if (canaries < 2 || canaries > rows.Length / 2)
            throw new BadInputException("--canaries", null, null, $"2 to {rows.Length / 2} canaries, half of the training rows", $"{canaries}", "name fewer");
        if (guesses < 2 || guesses > canaries)
            throw new BadInputException("--guesses", null, null, $"2 to {canaries} guesses, one for each canary", $"{guesses}", "name fewer");
        RandomStream order = RandomStream.At(seed, RandomPurpose.Membership, 1000);
        order.Shuffle(rows.AsSpan());
        double[] labels = [.. rows.Select(row => data.Training.Table.Targets[row])];
        bool[] members = new bool[rows.Length];
        Array.Fill(members, true);
        int classes = data.Shape.Classes.Count;
        for (int canary = 0; canary < canaries; canary++)
        {
            RandomStream random = RandomStream.At(seed, RandomPurpose.Membership, 1001, canary);
            labels[canary] = ((int)labels[canary] + 1 + random.Next(classes - 1)) % classes;
            members[canary] = random.Next(2) == 1;
        }
        RowPool pool = RowPool.Of(job, data, rows, labels);
        TrainedModel model = pool.Train(members, SecretOf(seed, 0));
        double[] scores = pool.Confidences(model);
        int[] ranked = [.. Enumerable.Range(0, canaries).OrderByDescending(canary => scores[canary]).ThenBy(canary => canary)];
        int inside = (guesses + 1) / 2, outside = guesses / 2;
        int correct = ranked.Take(inside).Count(canary => members[canary]) + ranked.TakeLast(outside).Count(canary => !members[canary]);
        double delta = job.Privacy?.Delta ?? 0;
        return new AuditResult(canaries, guesses, correct, OneRunAudit.EpsilonLower(canaries, guesses, correct, delta, confidence), model.Epsilon, delta, confidence);
    }

    /// <summary>What a private model that is thrown away draws its noise from.</summary>
    internal static PrivacySecret SecretOf(ulong seed, int which) =>
        PrivacySecret.FromBytes(SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"audit {seed} {which}"))));
}
