using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Cluster.Messages.Node.Settings;

/// <summary>Reads a settings file: YAML, or JSON, which is YAML too. One mapping of names to values or to lists of values.</summary>
internal static class SettingsFile
{
    private const int BytesMax = 64 * 1024;

    /// <summary>Every setting of the file with its place, file:line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="errors">Told what is wrong with it; what can be read is still returned.</param>
    public static List<GivenSetting> Read(string path, List<string> errors)
    {
        List<GivenSetting> given = [];
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > BytesMax })
            {
                errors.Add($"{path}: wanted at most {BytesMax / 1024} KiB of settings, got more");
                return given;
            }
            using StreamReader text = new(path);
            ReadMapping(new Parser(text), path, given, errors);
        }
        catch (YamlException broken)
        {
            errors.Add($"{path}:{broken.Start.Line}: wanted settings in YAML or JSON, got text that is neither: {broken.InnerException?.Message ?? broken.Message}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            errors.Add($"{path}: wanted a settings file that can be read, got: {unreadable.Message}");
        }
        return given;
    }

    private static void ReadMapping(Parser parser, string path, List<GivenSetting> given, List<string> errors)
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _)) return;      // an empty file gives nothing
        if (!parser.TryConsume<MappingStart>(out _))
        {
            errors.Add($"{path}:{parser.Current!.Start.Line}: wanted lines of NAME: VALUE, got another form");
            return;
        }
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            Scalar name = parser.Consume<Scalar>();
            string place = $"{path}:{name.Start.Line}";
            if (given.Exists(known => known.Name == name.Value)) errors.Add($"{place}: {name.Value}: wanted each setting once, got it again");
            if (ReadValue(parser) is { } value) given.Add(new GivenSetting(name.Value, value, place));
            else errors.Add($"{place}: {name.Value}: wanted a value or a list of values, got another form");
        }
    }

    private static string? ReadValue(Parser parser)
    {
        if (parser.TryConsume<Scalar>(out Scalar? scalar)) return scalar.Value;
        if (!parser.TryConsume<SequenceStart>(out _))
        {
            parser.SkipThisAndNestedEvents();
            return null;
        }
        List<string> values = [];
        bool plain = true;
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (parser.TryConsume<Scalar>(out Scalar? element)) values.Add(element.Value);
            else
            {
                plain = false;
                parser.SkipThisAndNestedEvents();
            }
        }
        return plain ? string.Join(',', values) : null;
    }
}
