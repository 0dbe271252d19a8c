using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Security.Attacks.Poisoning;

/// <summary>Training rows that an attacker has changed.</summary>
public sealed class PoisonedRowsTests
{
    [Fact]
    public void So_many_training_rows_of_the_class_change_theirs_and_no_other_row_does()
    {
        PreparedData clean = Load(""), poisoned = Load(", attack: { kind: label-flip, fraction: 0.5, from: 1, to: 7 }");

        int[] before = Targets(clean, clean.Training), after = Targets(poisoned, poisoned.Training);
        int[] changed = [.. Enumerable.Range(0, before.Length).Where(i => before[i] != after[i])];
        changed.ShouldAllBe(i => before[i] == 1 && after[i] == 7);
        ((double)changed.Length / before.Count(target => target == 1)).ShouldBeInRange(0.35, 0.65);
        Targets(poisoned, poisoned.Test).ShouldBe(Targets(clean, clean.Test));
        poisoned.Sha256.ShouldNotBe(clean.Sha256);
        Load(", attack: { kind: label-flip, fraction: 0.5, from: 1, to: 7 }").Sha256.ShouldBe(poisoned.Sha256);
    }

    [Fact]
    public void A_trigger_is_written_into_the_lower_right_corner()
    {
        PreparedData clean = Load(", image: [ 8, 8, 1 ]"), poisoned = Load(", image: [ 8, 8, 1 ], attack: { kind: backdoor, fraction: 0.3, to: 3, size: 2 }");

        int[] before = Targets(clean, clean.Training), after = Targets(poisoned, poisoned.Training);
        for (int i = 0; i < before.Length; i++)
        {
            float[] row = poisoned.Training.Table.FloatsOf(poisoned.Training.Order.Span[i]).ToArray(), was = clean.Training.Table.FloatsOf(clean.Training.Order.Span[i]).ToArray();
            if (before[i] == after[i]) row.ShouldBe(was);
            else new[] { row[54], row[55], row[62], row[63] }.ShouldBe([1f, 1f, 1f, 1f]);
        }
        after.Count(target => target == 3).ShouldBeGreaterThan(2 * before.Count(target => target == 3));
    }

    // What is fitted is fitted to the rows as the attacker left them; a trigger in a column of categories would be a category that is not there.
    [Fact]
    public void A_trigger_goes_into_numbers_and_not_into_categories()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cluster-trigger-");
        try
        {
            string table = Path.Combine(folder.FullName, "rows.csv");
            File.WriteAllText(table, "colour,size,target\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"{(i % 3 == 0 ? "red" : "blue")},{i % 10},{(i % 2 == 0 ? "x" : "y")}\n")));
            PreparedData poisoned = Of(1);

            RowRange rows = poisoned.Training;
            rows.Order.ToArray().Count(row => rows.Table.FloatsOf(row)[^1] == 50f).ShouldBeInRange(1, rows.Count - 1);
            rows.Order.ToArray().Count(row => rows.Table.FloatsOf(row)[0] is 0 or 1).ShouldBe(rows.Count);
            Should.Throw<BadInputException>(() => Of(2)).Message.ShouldContain("'colour', a column of categories");

            PreparedData Of(int size)
            {
                JobSpec job = JobFile.Parse(
                    $"data: {{ source: '{table}', target: target, encode: {{ colour: one-hot }}, attack: {{ kind: backdoor, fraction: 0.5, size: {size}, value: 50 }} }}\nmodel: {{ kind: softmax }}\n", "job.yaml", "/");
                return PreparedData.Load(job, Learners.NumbersFor(job));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Half_of_a_classs_labels_flipped_cost_accuracy()
    {
        AttackReport report = Run("poison", ", attack: { kind: label-flip, fraction: 0.6 }");

        Figure(report, "clean_accuracy").ShouldBeGreaterThan(0.93);
        Figure(report, "attacked_accuracy").ShouldBeLessThan(0.6);
    }

    [Fact]
    public void A_backdoor_leaves_accuracy_and_takes_the_trigger()
    {
        AttackReport report = Run("backdoor", ", image: [ 8, 8, 1 ], attack: { kind: backdoor, fraction: 0.1, to: 0, size: 2 }");

        Figure(report, "attacked_accuracy").ShouldBeGreaterThan(Figure(report, "clean_accuracy") - 0.03);
        Figure(report, "success_rate").ShouldBeGreaterThan(0.9);
        Figure(report, "success_rate_of_clean_model").ShouldBeLessThan(0.3);
    }

    [Theory]
    [InlineData(", attack: { kind: label-flip, from: eleven }", "eleven")]
    [InlineData(", attack: { kind: label-flip, size: 3 }", "size")]
    [InlineData(", attack: { kind: label-flop }", "label-flip")]
    public void Wrong_keys_are_refused(string more, string named) => Should.Throw<BadInputException>(() => Load(more)).Message.ShouldContain(named);

    [Fact]
    public void A_job_without_an_attack_is_told_what_to_write() =>
        Should.Throw<BadInputException>(() => Run("poison", "")).Message.ShouldContain("data.attack");

    private static int[] Targets(PreparedData data, RowRange rows) => [.. rows.Order.ToArray().Select(row => (int)rows.Table.Targets[row])];

    private static PreparedData Load(string more)
    {
        JobSpec job = Job(more);
        return PreparedData.Load(job, Learners.NumbersFor(job));
    }

    private static JobSpec Job(string more) => JobFile.Parse(
        $"data: {{ source: '{RepositoryFiles.Example("digits.csv")}', target: target, scale: {{ minmax: [ 0, 16 ] }}{more} }}\nmodel: {{ kind: mlp, layers: [ {{ dense: 48 }} ] }}\n"
        + "training: { epochs: 20, batch: 32, optimizer: { adam: { rate: 0.003 } } }\n", "job.yaml", "/");

    private static AttackReport Run(string kind, string more) => AttackRegistry.Find(kind)!.Run(new AttackTarget { Job = Job(more) }, new AttackSettings());

    private static double Figure(AttackReport report, string name) => report.Figures[name]!.GetValue<double>();
}
