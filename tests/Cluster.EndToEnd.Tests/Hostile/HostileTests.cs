using System.Reflection;
using System.Security.Cryptography;

namespace Cluster.EndToEnd.Tests.Hostile;

/// <summary>
/// Hostile inputs and situations, each met by the command in a process of its own: it ends with its exit code and a message, without a stack
/// trace, and loses nothing. The rows are in the `…Cases` classes of this folder: every static `IEnumerable&lt;HostileCase&gt; All`.
/// </summary>
public sealed class HostileTests : IDisposable
{
    public const string GoodData = "a,b,target\n1,2,x\n2,1,y\n3,4,x\n4,3,y\n5,6,x\n6,5,y\n7,8,x\n8,7,y\n";

    public const string GoodJob = """
        name: good
        seed: 1
        data:
          source: data.csv
          target: target
          split: { train: 0.5, validation: 0.25, test: 0.25 }
        model:
          kind: mlp
          layers: [ { dense: 4, activation: relu } ]
        training:
          epochs: 2
          batch: 4
          micro-batches: 2
          optimizer: { adam: { rate: 0.01 } }

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => [.. Cases().Select(each => each.Name)];

    [Fact]
    public void Every_case_has_a_name_of_its_own() => Cases().Select(each => each.Name).ShouldBeUnique();

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task Ends_with_its_exit_code_and_a_message_and_loses_nothing(string name)
    {
        HostileCase hostile = Cases().Single(each => each.Name == name);
        string? missing = hostile.SkippedBecause?.Invoke();
        Skip.If(missing is not null, missing);
        Lay(hostile);
        foreach (string[] before in hostile.Before)
        {
            ClusterProcess.Finished prepared = await ClusterProcess.RunAsync(before, hostile.Environment, _folder.FullPath);
            prepared.ExitCode.ShouldBe(0, prepared.Output + prepared.Messages);
        }
        using IDisposable? arranged = hostile.Arrange?.Invoke(_folder.FullPath);
        string[] kept = [.. hostile.Keeps.Select(Hash)];

        ClusterProcess.Finished finished = await ClusterProcess.RunAsync(hostile.Arguments, hostile.Environment, _folder.FullPath);

        string said = finished.Output + finished.Messages, folded = said.Replace("\n", " ", StringComparison.Ordinal);
        finished.ExitCode.ShouldBe(hostile.ExitCode, said);
        said.ShouldNotContain("   at ", Case.Sensitive);
        if (hostile.ExitCode != 0) finished.Messages.Trim().ShouldNotBeEmpty();
        foreach (string text in hostile.Says) folded.ShouldContain(text);
        foreach (string text in hostile.NeverSays) said.ShouldNotContain(text, Case.Sensitive);
        hostile.Keeps.Select(Hash).ShouldBe(kept, $"{string.Join(", ", hostile.Keeps)}: the same bytes as before");
        foreach (string left in hostile.Without) Path.Exists(_folder[left]).ShouldBeFalse($"{left} was left behind");
    }

    private static IEnumerable<HostileCase> Cases() => typeof(HostileTests).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(HostileTests).Namespace && type.Name.EndsWith("Cases", StringComparison.Ordinal))
        .OrderBy(type => type.Name, StringComparer.Ordinal)
        .SelectMany(type => (IEnumerable<HostileCase>)type.GetProperty("All", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!);

    private void Lay(HostileCase hostile)
    {
        File.WriteAllText(_folder["job.yaml"], GoodJob);
        File.WriteAllText(_folder["data.csv"], GoodData);
        foreach ((string file, string text) in hostile.Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.WriteAllText(_folder[file], text);
        }
    }

    private string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(_folder[file])));
}
