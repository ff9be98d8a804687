using System.CommandLine;
using System.CommandLine.Help;
using Broker.Node.CommandLine.Ctl;
using Broker.Node.Configuration;
using Broker.Node.Hosting;

namespace Broker.Node.CommandLine;

/// <summary><c>Broker.Node [run|config] [--config FILE]... [--set KEY=VALUE]...</c>, <see cref="PasswdCommand"/> and <see cref="CtlCommand"/>.</summary>
internal static class NodeCommand
{
    private static readonly Option<string[]> Files = new("--config")
    {
        Description = "A HOCON file, read after reference.conf; may be given again, later files win. Without one, standalone.conf is read.",
        HelpName = "FILE",
        Recursive = true,
    };

    private static readonly Option<string[]> Sets = new("--set")
    {
        Description = "Sets one key, over files and environment variables, for example --set mqtt.listeners.tcp.port=1884; may be given again.",
        HelpName = "KEY=VALUE",
        Recursive = true,
    };

    private static readonly Option<bool> Version = new("--version") { Description = "Prints the version and the commit it was built from." };

    /// <summary>Does what the arguments say; returns an <see cref="ExitCode"/>.</summary>
    public static async Task<int> InvokeAsync(string[] arguments)
    {
        WindowsServiceHost.ChangeDirectory();
        var run = new Command("run", "Runs a broker node. So does no command at all.");
        run.SetAction(RunAsync);
        var config = new Command("config", "Prints the configuration in effect, and where each value comes from.");
        config.SetAction(parsed => WithConfiguration(parsed, Print));
        var root = new RootCommand("An MQTT broker.") { run, config, PasswdCommand.Create(), CtlCommand.Create(), Files, Sets };
        root.Options.Remove(root.Options.First(option => option is VersionOption));
        root.Options.Add(Version);
        root.SetAction(RunAsync);

        // Without a response file token, a value may begin with @.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Console.Error.WriteLineAsync("See Broker.Node --help.");
            return ExitCode.Configuration;
        }

        // Signals are handled where the node runs.
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (!parsed.GetValue(Version))
        {
            return WithConfiguration(parsed, NodeRunner.RunAsync);
        }

        Console.WriteLine(ProgramVersion.Line);
        return Task.FromResult(ExitCode.Clean);
    }

    private static Task<int> Print(LayeredConfiguration configuration, NodeOptions options)
    {
        foreach (var line in EffectiveConfiguration.Lines(configuration))
        {
            Console.WriteLine(line);
        }

        return Task.FromResult(ExitCode.Clean);
    }

    /// <summary>Reads the configuration that the arguments name, and goes on with it where it is right.</summary>
    internal static async Task<int> WithConfiguration(ParseResult parsed, Func<LayeredConfiguration, NodeOptions, Task<int>> then)
    {
        LayeredConfiguration configuration;
        NodeOptions options;
        try
        {
            configuration = ConfigurationLoader.Load(
                parsed.GetValue(Files) ?? [], parsed.GetValue(Sets) ?? [], Environment.GetEnvironmentVariables());
            options = NodeSettings.Read(configuration, ProgramVersion.Number);
        }
        catch (InvalidConfigurationException invalid)
        {
            foreach (var problem in invalid.Problems)
            {
                await Console.Error.WriteLineAsync(problem);
            }

            return ExitCode.Configuration;
        }

        return await then(configuration, options with { Broker = options.Broker with { Commit = ProgramVersion.Commit } });
    }
}
