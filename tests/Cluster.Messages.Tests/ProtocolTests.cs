using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests;

public class ProtocolTests
{
    private static readonly MessageCodecs Codecs = MessageCodecs.ForMessages();

    [Fact]
    public void The_table_has_one_row_for_each_message_with_its_manifest_and_limit()
    {
        string[] rows = File.ReadAllLines(Find("Cluster.Messages/PROTOCOL.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2).ToArray();

        string[] wanted = MessageTypes.All.Select(type =>
        {
            Codecs.TryFind(type, out MessageCodec? codec).ShouldBeTrue(type.Name);
            return $"{type.Name} {codec!.Manifest} {codec.BytesMax}";
        }).ToArray();

        rows.Select(Row).Order(StringComparer.Ordinal).ShouldBe(wanted.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Replies_in_the_table_are_messages()
    {
        var names = MessageTypes.All.Select(type => type.Name).ToHashSet();
        foreach (string line in File.ReadAllLines(Find("Cluster.Messages/PROTOCOL.md")).Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(2))
        {
            string replies = Cells(line)[4];
            foreach (string word in replies.Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries).Where(w => char.IsAsciiLetterUpper(w[0])))
                names.ShouldContain(word, line);
        }
    }

    [Fact]
    public void Manifests_and_the_fields_behind_them_are_those_that_were_published()
    {
        string[] published = File.ReadAllLines(Find("tests/Cluster.Messages.Tests/manifests.txt"));

        string[] now = Codecs.All.Select(codec => $"{codec.Manifest} {codec.Type.Name}({MessageTypes.Fields(codec.Type)})")
            .Concat(Parts.Select(type => $"... {type.Name}({MessageTypes.Fields(type)})"))
            .Concat(Choices.Select(type => $"... {type.Name} {string.Join(", ", Enum.GetValues(type).Cast<Enum>().Select(v => $"{v} = {v:D}"))}")).Order(StringComparer.Ordinal).ToArray();

        now.ShouldBe(published, "A changed record needs a new manifest; then bring manifests.txt up to date.");
    }

    [Fact]
    public void Messages_are_sealed_records_of_plain_values_and_actor_references()
    {
        foreach (Type type in MessageTypes.All.Concat(Parts))
        {
            (type.IsSealed || type.IsValueType).ShouldBeTrue(type.Name);
            foreach (ParameterInfo field in MessageTypes.PrimaryConstructor(type).GetParameters())
                IsPlain(field.ParameterType).ShouldBeTrue($"{type.Name}.{field.Name}");
        }
    }

    [Theory]
    [InlineData(typeof(object))]
    [InlineData(typeof(int[]))]
    [InlineData(typeof(Exception))]
    [InlineData(typeof(Type))]
    [InlineData(typeof(List<int>))]
    public void The_rule_for_fields_refuses_live_objects(Type type) => IsPlain(type).ShouldBeFalse();

    [Fact]
    public void Payloads_of_equal_bytes_are_equal()
    {
        Some.Floats(1, float.NaN).ShouldBe(Some.Floats(1, float.NaN));
        Some.Floats(1, 2).GetHashCode().ShouldBe(Some.Floats(1, 2).GetHashCode());
        Some.Floats(1, 2).ShouldNotBe(Some.Floats(1, 3));
        Some.Floats(1, 2).ShouldNotBe(Some.Floats(1, 2) with { Kind = PayloadKind.Float64 });
    }

    private static IEnumerable<Type> Parts =>
        [typeof(TaskId), typeof(RoundId), typeof(SubtreeId), typeof(RangeId), typeof(NamedFigure), typeof(TaskOutcome), typeof(TaskOrder), typeof(JobLine), typeof(SourceFile)];

    private static IEnumerable<Type> Choices =>
        [typeof(RoundPurpose), typeof(FailureKind), typeof(JobStatus), typeof(PayloadKind)];

    private static bool IsPlain(Type type) =>
        type.IsEnum || type == typeof(string) || type == typeof(IActorRef) || type == typeof(TensorPayload) || type == typeof(KeyBytes) || type == typeof(TaskBytes) || type == typeof(JobFinished)
        || type == typeof(int) || type == typeof(byte) || type == typeof(long) || type == typeof(double) || type == typeof(bool)
        || type == typeof(JobId) || type == typeof(WorkerId) || Parts.Contains(type)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) || type.GetGenericTypeDefinition() == typeof(Nullable<>))
            && IsPlain(type.GetGenericArguments()[0]));

    private static string[] Cells(string line) => line.Trim('|', ' ').Split('|').Select(cell => cell.Trim()).ToArray();

    private static string Row(string line)
    {
        string[] cells = Cells(line);
        cells.Length.ShouldBe(7, line);
        cells.ShouldAllBe(cell => cell.Length > 0, line);
        string[] limit = cells[6].Split(' ');
        int unit = limit[1] switch { "KiB" => 1024, "MiB" => 1024 * 1024, _ => throw new FormatException(line) };
        return $"{cells[0]} {cells[1]} {int.Parse(limit[0], CultureInfo.InvariantCulture) * unit}";
    }

    private static string Find(string path, [CallerFilePath] string here = "")
    {
        for (DirectoryInfo? folder = new FileInfo(here).Directory; folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, path);
            if (File.Exists(candidate)) return candidate;
        }
        throw new FileNotFoundException(path);
    }
}
