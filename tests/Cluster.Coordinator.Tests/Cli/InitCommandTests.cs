using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>From a table to a job file.</summary>
public sealed class InitCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-init-");
    private readonly string _table, _job;

    public InitCommandTests()
    {
        (_table, _job) = (Path.Combine(_folder.FullName, "people.csv"), Path.Combine(_folder.FullName, "people.yaml"));
        string[] colours = ["red", "green", "blue, or so"];
        File.WriteAllText(_table, "id,height,colour,target\n" + string.Concat(Enumerable.Range(0, 60).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{i},{(i % 9 == 4 ? "" : $"{i * 7 % 10}.5")},\"{colours[i % 3]}\",{(i % 4 == 0 ? "yes" : "no")}\n"))));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_job_is_written_with_a_comment_on_its_keys_and_reads_back()
    {
        (int code, string said) = await RunAsync(null, "init", _table, "--out", _job);

        code.ShouldBe(ExitCode.Success, said);
        said.ShouldContain("learns     target, classes");
        said.ShouldContain("leaves out id: it numbers the rows");
        string text = await File.ReadAllTextAsync(_job);
        text.ShouldContain("# Written by `cluster init`");
        text.Split('\n').Count(line => line.TrimStart().StartsWith("# ", StringComparison.Ordinal)).ShouldBeGreaterThan(7);
        text.Split('\n').ShouldAllBe(line => line.Length <= 100);
        JobSpec job = JobFile.Read(_job, []);
        job.Data.Source.ShouldBe(_table);
        (job.Data.Target, job.Data.Split.Test, job.Data.Split.Stratify).ShouldBe(("target", 0.15, true));
        job.Data.Ignore.ShouldBe(["id"]);
    }

    [Fact]
    public async Task A_file_that_is_there_is_never_replaced()
    {
        await File.WriteAllTextAsync(_job, "mine");

        (int code, string said) = await RunAsync(null, "init", _table, "--out", _job);

        code.ShouldBe(ExitCode.BadInput);
        said.ShouldContain("wanted a file that is not there yet, got one that is");
        (await File.ReadAllTextAsync(_job)).ShouldBe("mine");
    }

    [Fact]
    public async Task Without_a_table_a_person_is_asked_and_a_script_is_told()
    {
        (int code, string said) = await RunAsync($"{_table}\nheight\n{_job}\n", "init");
        (int refused, string why) = await RunAsync(null, "init");
        (int ended, string end) = await RunAsync("", "init");

        code.ShouldBe(ExitCode.Success, said);
        said.ShouldContain("columns: id, height, colour, target");
        said.ShouldContain("The column to learn [target]: ");
        JobFile.Read(_job, []).Data.Target.ShouldBe("height");
        (refused, ended).ShouldBe((ExitCode.Usage, ExitCode.Usage));
        why.ShouldContain("wanted a table, got none, and nobody can be asked");
        end.ShouldContain("wanted an answer, got none; nothing is written");
    }

    [Fact]
    public async Task Json_names_the_file_and_what_it_learns_and_an_unknown_column_is_refused()
    {
        JsonObject json = JsonNode.Parse((await RunAsync(null, "init", _table, "--out", _job, "--json", "--target", "height")).Said.Trim())!.AsObject();
        (int code, string said) = await RunAsync(null, "init", _table, "--out", _job + "2", "--target", "hight");

        (json["job"]!.GetValue<string>(), json["target"]!.GetValue<string>(), json["task"]!.GetValue<string>()).ShouldBe((_job, "height", "number"));
        code.ShouldBe(ExitCode.BadInput);
        said.ShouldContain("wanted the target column 'hight', got no such column; did you mean 'height'");
        File.Exists(_job + "2").ShouldBeFalse();
    }

    private static async Task<(int Code, string Said)> RunAsync(string? answers, params string[] arguments)
    {
        using StringWriter said = new(CultureInfo.InvariantCulture);
        using StringReader? reader = answers is null ? null : new StringReader(answers);
        return (await CommandLine.RunAsync(arguments, new Terminal(said, said, interactive: false, answers: reader)), said.ToString());
    }
}
