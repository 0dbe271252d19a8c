using Cluster.Messages.Node;
using Cluster.Messages.Node.Settings;

namespace Cluster.Messages.Tests.Node.Settings;

public sealed class SettingsReaderTests : IDisposable
{
    private const string Secret = "Host=db;Password=swordfish";
    private static readonly SettingList<ProgramOptions> s_settings = new SettingList<ProgramOptions>(new()).AddNode();
    private sealed record Reading
    {
        public DataOptions Data { get; init; } = new();
    }

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-settings-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_kind_of_value_reaches_its_option()
    {
        ProgramOptions options = Valid(Read(
            ["--listen", "10.0.0.5:4053", "--seeds=a:4053,b:4054", "--name", "w1", "--threads", "3", "--down-after", "1.5s", "--health", "0.0.0.0:8080"]));

        options.Node.Address.ShouldBe(new NodeAddress("10.0.0.5", 4053));
        options.Node.Seeds.ShouldBe([new NodeAddress("a", 4053), new NodeAddress("b", 4054)]);
        options.Node.Name.ShouldBe("w1");
        options.Node.ComputeThreads.ShouldBe(3);
        options.Node.DownAfter.ShouldBe(TimeSpan.FromSeconds(1.5));
        options.Health.ShouldBe(new NodeAddress("0.0.0.0", 8080));
    }

    [Theory]
    [InlineData("4096", 4096L, "4KiB")]
    [InlineData("0", 0L, "0")]
    [InlineData("64KiB", 65_536L, "64KiB")]
    [InlineData("16GiB", 17_179_869_184L, "16GiB")]
    [InlineData("1000", 1000L, "1000")]
    [InlineData("3 TiB", 3_298_534_883_328L, "3TiB")]
    [InlineData("none", null, "none")]
    public void Amounts_of_bytes_are_read_and_written(string text, long? bytes, string written)
    {
        ValueKind.OptionalBytes.TryRead(text, out long? read).ShouldBeTrue();

        read.ShouldBe(bytes);
        ValueKind.OptionalBytes.Write(read).ShouldBe(written);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GiB")]
    [InlineData("-1")]
    [InlineData("1.5GiB")]
    [InlineData("16GB")]
    [InlineData("9000000TiB")]
    [InlineData("99999999999999999999")]
    public void What_is_no_amount_of_bytes_is_refused(string text) => ValueKind.OptionalBytes.TryRead(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("")]
    [InlineData("data-roots: [/srv/a, /srv/b]\n")]
    [InlineData("data-roots:\n  - /srv/a\n  - /srv/b\n")]
    public void Folders_that_jobs_may_name_are_a_list_in_files_and_flags_that_may_be_repeated(string file)
    {
        SettingList<Reading> settings = new SettingList<Reading>(new()).AddData(o => o.Data, (o, v) => o with { Data = v });
        SettingsReader<Reading> reader = new(settings, options => [.. options.Data.Errors()]);
        string[] flags = file.Length > 0 ? ["--config", Write("node.yaml", file)] : ["--data-roots", "/srv/a", "--data-roots=/srv/b"];

        reader.Read(flags, _ => null).Options.Data.Roots.ShouldBe(["/srv/a", "/srv/b"]);
        reader.Read([], name => name == "CLUSTER_DATA_ROOTS" ? "/srv/a,/srv/b" : null).Options.Data.Roots.ShouldBe(["/srv/a", "/srv/b"]);
        reader.Read([], _ => null).Options.Data.Roots.ShouldBeEmpty();
        reader.Read(["--data-roots", "/srv/a,,/srv/b"], _ => null).Errors.ShouldHaveSingleItem().ShouldContain("FOLDER,FOLDER");
    }

    [Fact]
    public void A_flag_wins_over_the_environment_and_the_environment_over_the_file()
    {
        string file = Write("node.yaml", "name: of-file\nthreads: 1\nsystem: of-file\n");

        ProgramOptions options = Valid(Read(
            ["--name", "of-flag"], ("CLUSTER_CONFIG", file), ("CLUSTER_NAME", "of-environment"), ("CLUSTER_THREADS", "2")));

        options.Node.Name.ShouldBe("of-flag");
        options.Node.ComputeThreads.ShouldBe(2);
        options.Node.SystemName.ShouldBe("of-file");
    }

    [Theory]
    [InlineData("node.yaml", "seeds: [a:1, b:2]\nthreads: 2\n")]
    [InlineData("node.yaml", "seeds:\n- a:1\n- b:2\nthreads: 2\n")]
    [InlineData("node.json", """{ "seeds": ["a:1", "b:2"], "threads": 2 }""")]
    public void A_file_is_yaml_or_json(string name, string text)
    {
        ProgramOptions options = Valid(Read(["--config", Write(name, text)]));

        options.Node.Seeds.ShouldBe([new NodeAddress("a", 1), new NodeAddress("b", 2)]);
        options.Node.ComputeThreads.ShouldBe(2);
    }

    [Fact]
    public void All_faults_are_told_at_once_each_with_its_place()
    {
        string file = Write("node.yaml", "name: fine\nheartbeat-interval: soon\nport: 1\nthreads: [[1]]\n");

        ErrorsOf(Read(["--config", file, "--listen", "here", "--leave-deadline", "1ms", "--colour", "red", "--name"], ("CLUSTER_DOWN_AFTER", "3"))).ShouldBe(
        [
            "--colour: wanted one of the flags that --help shows, got an unknown one",
            "--name: wanted a value behind it, got nothing",
            $"{file}:4: threads: wanted a value or a list of values, got another form",
            $"{file}:3: port: wanted one of the settings that --help shows, got an unknown one",
            "--listen: listen: wanted HOST:PORT, got 'here'",
            $"{file}:2: heartbeat-interval: wanted a time such as 250ms, 5s, 2m or 1h, got 'soon'",
            "CLUSTER_DOWN_AFTER: down-after: wanted a time such as 250ms, 5s, 2m or 1h, got '3'",
            "--leave-deadline: leave-deadline: wanted 00:00:01 to 00:10:00, got 00:00:00.0010000",
        ]);
    }

    [Fact]
    public void Values_out_of_range_are_told_with_their_place_too()
    {
        string file = Write("node.yaml", "threads: 0\njournal: a.db\n");

        ErrorsOf(Read(["--config", file, "--acceptable-pause", "1ms"], ("CLUSTER_JOURNAL_CONNECTION", Secret), ("CLUSTER_JOIN_DEADLINE", "0s"))).ShouldBe(
        [
            $"{file}:2, CLUSTER_JOURNAL_CONNECTION: journal and journal-connection: wanted one of them, got both",
            $"{file}:1: threads: wanted 1 to 1024, got 0",
            "--acceptable-pause: acceptable-pause: wanted 00:00:01 to 00:10:00, got 00:00:00.0010000",
            "CLUSTER_JOIN_DEADLINE: join-deadline: wanted 00:00:01 to 01:00:00, got 00:00:00",
        ]);
    }

    [Fact]
    public void A_secret_is_taken_from_the_environment_and_from_a_file_but_never_from_a_flag()
    {
        Valid(Read([], ("CLUSTER_JOURNAL_CONNECTION", Secret))).Node.JournalConnection.ShouldBe(Secret);
        Valid(Read(["--config", Write("node.yaml", $"journal-connection: {Secret}\n")])).Node.JournalConnection.ShouldBe(Secret);

        string error = ErrorsOf(Read(["--journal-connection", Secret])).ShouldHaveSingleItem();

        error.ShouldContain("CLUSTER_JOURNAL_CONNECTION");
        error.ShouldNotContain("swordfish");
    }

    [Theory]
    [InlineData("- a\n", ":1: wanted lines of NAME: VALUE")]
    [InlineData("name: {", ": wanted settings in YAML or JSON")]
    [InlineData("name: a\nname: b\n", ":2: name: wanted each setting once")]
    public void A_broken_file_is_named_with_the_line(string text, string error) =>
        ErrorsOf(Read(["--config", Write("node.yaml", text)])).ShouldContain(told => told.Contains(error, StringComparison.Ordinal));

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        ErrorsOf(Read(["--config", "/nowhere/node.yaml"])).ShouldHaveSingleItem().ShouldContain("/nowhere/node.yaml");

    [Fact]
    public void An_empty_file_sets_nothing() => Valid(Read(["--config", Write("node.yaml", "")])).ShouldBe(s_settings.Defaults);

    [Fact]
    public void The_help_shows_every_setting_with_its_default_and_range()
    {
        string help = SettingsHelp.Write("node", "Runs a node.", s_settings.All);

        foreach (Setting setting in s_settings.All)
        {
            help.ShouldContain(setting.Variable);
            help.ShouldContain($"Default: {setting.Default}. Range: {setting.Range}.");
        }
        help.ShouldNotContain("--journal-connection");
    }

    [Fact]
    public void Every_option_of_a_node_can_be_set()
    {
        string[] options = [.. typeof(NodeOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)];

        s_settings.All.Select(setting => setting.Option).Intersect(options).ShouldBe(options.Except([nameof(NodeOptions.Roles), nameof(NodeOptions.Alone)]), ignoreOrder: true);
    }

    private static SettingsReading<ProgramOptions> Read(string[] arguments, params (string Name, string Value)[] environment) =>
        new SettingsReader<ProgramOptions>(s_settings, options => options.Errors()).Read(
            arguments, name => environment.FirstOrDefault(variable => variable.Name == name).Value);

    private static ProgramOptions Valid(SettingsReading<ProgramOptions> reading)
    {
        reading.Errors.ShouldBeEmpty();
        return reading.Options;
    }

    private static IEnumerable<string> ErrorsOf(SettingsReading<ProgramOptions> reading) => reading.Errors;

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
