namespace Cluster.Messages.Node.Settings;

/// <summary>What reading the settings of a program came to.</summary>
/// <param name="Options">The options; of no use if there are errors.</param>
/// <param name="Errors">Everything that is wrong: place, setting, wanted, got.</param>
/// <param name="HelpAsked">Whether a person wants to see the settings instead of running the program.</param>
public sealed record SettingsReading<TOptions>(TOptions Options, ImmutableArray<string> Errors, bool HelpAsked);

/// <summary>
/// Reads the settings of a program from a file, from environment variables and from flags; the later of these wins.
/// Every error is told at once, with its place.
/// </summary>
/// <param name="settings">What can be set.</param>
/// <param name="errorsOf">What is wrong with the options as a whole, each beginning with the option's name and a colon.</param>
public sealed class SettingsReader<TOptions>(SettingList<TOptions> settings, Func<TOptions, ImmutableArray<string>> errorsOf)
    where TOptions : class
{
    /// <summary>The flag that names the settings file.</summary>
    public const string FileFlag = "--config";

    /// <summary>The environment variable that names the settings file.</summary>
    public const string FileVariable = "CLUSTER_CONFIG";

    /// <summary>Reads them.</summary>
    /// <param name="arguments">The program's flags: --name VALUE or --name=VALUE.</param>
    /// <param name="environment">The value of an environment variable; null if there is none.</param>
    public SettingsReading<TOptions> Read(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(environment);
        if (arguments.Any(argument => argument is "--help" or "-h" or "-?")) return new(settings.Defaults, [], HelpAsked: true);
        List<string> errors = [];
        List<GivenSetting> flags = ReadFlags(arguments, errors);
        List<GivenSetting> given = [];
        if (FileOf(flags, environment) is { } file) given.AddRange(Known(SettingsFile.Read(file, errors), errors));
        foreach (Setting<TOptions> setting in settings.All)
            if (environment(setting.Variable) is { Length: > 0 } value) given.Add(new GivenSetting(setting.Name, value, setting.Variable));
        given.AddRange(Joined(flags.Where(flag => flag.Place != FileFlag)));
        Dictionary<string, GivenSetting> effective = [];
        foreach (GivenSetting one in given) effective[one.Name] = one;
        TOptions options = Apply(effective, errors);
        errors.AddRange(errorsOf(options).Select(error => WithPlace(error, effective)));
        return new(options, [.. errors], HelpAsked: false);
    }

    private string Meant(string flag) => Nearest.Find(flag, [.. settings.All.Select(known => known.Flag)]) is { } near ? $"; did you mean {near}" : "";

    private static string? FileOf(List<GivenSetting> flags, Func<string, string?> environment) =>
        flags.LastOrDefault(flag => flag.Place == FileFlag).Text ?? (environment(FileVariable) is { Length: > 0 } file ? file : null);

    private List<GivenSetting> ReadFlags(IReadOnlyList<string> arguments, List<string> errors)
    {
        List<GivenSetting> flags = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            int equals = arguments[i].IndexOf('=', StringComparison.Ordinal);
            string flag = equals < 0 ? arguments[i] : arguments[i][..equals];
            Setting? setting = settings.All.FirstOrDefault(known => known.Flag == flag);
            string? value = equals >= 0 ? arguments[i][(equals + 1)..] : i + 1 < arguments.Count ? arguments[++i] : null;
            if (setting is null && flag != FileFlag) errors.Add($"{flag}: wanted one of the flags that --help shows, got an unknown one{Meant(flag)}");
            else if (setting is { IsSecret: true }) errors.Add($"{flag}: wanted this secret in a file ({setting.Name}) or in the environment ({setting.Variable}), got a flag, which every user of the machine can see");
            else if (value is null) errors.Add($"{flag}: wanted a value behind it, got nothing");
            else flags.Add(new GivenSetting(setting?.Name ?? FileFlag, value, flag));
        }
        return flags;
    }

    /// <summary>A list that is given piece by piece is one list.</summary>
    private IEnumerable<GivenSetting> Joined(IEnumerable<GivenSetting> flags) => flags.GroupBy(flag => flag.Name).SelectMany(same =>
        settings.All.First(known => known.Name == same.Key).IsList
            ? [same.First() with { Text = string.Join(',', same.Select(flag => flag.Text)) }]
            : same.AsEnumerable());

    private IEnumerable<GivenSetting> Known(List<GivenSetting> given, List<string> errors)
    {
        foreach (GivenSetting one in given)
        {
            if (settings.All.Any(setting => setting.Name == one.Name)) yield return one;
            else errors.Add($"{one.Place}: {one.Name}: wanted one of the settings that --help shows, got an unknown one");
        }
    }

    private TOptions Apply(Dictionary<string, GivenSetting> effective, List<string> errors)
    {
        TOptions options = settings.Defaults;
        foreach (Setting<TOptions> setting in settings.All)
        {
            if (!effective.TryGetValue(setting.Name, out GivenSetting given)) continue;
            if (setting.Apply(options, given.Text) is { } applied) options = applied;
            else errors.Add($"{given.Place}: {setting.Name}: wanted {setting.Wanted}, got {(setting.IsSecret ? "other text" : $"'{given.Text}'")}");
        }
        return options;
    }

    /// <summary>An error of the options names options; a person knows the settings and if they were given.</summary>
    private string WithPlace(string error, Dictionary<string, GivenSetting> effective)
    {
        int colon = error.IndexOf(':', StringComparison.Ordinal);
        string[] options = error[..Math.Max(colon, 0)].Split(" and ");
        Setting[] named = [.. settings.All.Where(setting => options.Contains(setting.Option))];
        if (named.Length == 0) return error;
        IEnumerable<string> places = named.Select(setting => effective.TryGetValue(setting.Name, out GivenSetting given) ? given.Place : "default").Distinct();
        return $"{string.Join(", ", places)}: {string.Join(" and ", named.Select(setting => setting.Name))}{error[colon..]}";
    }
}
