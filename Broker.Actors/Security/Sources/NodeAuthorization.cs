using Broker.Actors.Hosting;
using Broker.Actors.Security.Databases;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Security.Sources;

/// <summary>
/// Puts the rules of the settings, of the file and of the table together, in this order, and looks after the latter two: changed ones that are usable count from then on, for
/// open connections too; what is not usable is reported once and changes nothing.
/// </summary>
internal sealed partial class NodeAuthorization : IDisposable
{
    private readonly AuthorizationOptions _options;
    private readonly bool _isAllowedOtherwise;
    private readonly IAccessRuleSource[] _sources;
    private readonly IReadOnlyList<AccessRule>[] _rules;
    private readonly string?[] _problems;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationToken _end;
    private ITimer? _timer;
    private int _isLooking;

    private NodeAuthorization(AuthorizationOptions options, bool isAllowedOtherwise, IAccessRuleSource[] sources, ILogger logger)
    {
        _options = options;
        _isAllowedOtherwise = isAllowedOtherwise;
        _sources = sources;
        _rules = new IReadOnlyList<AccessRule>[sources.Length];
        _problems = new string?[sources.Length];
        _logger = logger;
        _end = _ending.Token;
        Access = AccessControl.Open;
    }

    /// <summary>The rules in force.</summary>
    public AccessControl Access { get; private set; }

    /// <summary>Reads all rules.</summary>
    /// <exception cref="AccessRulesException">There are none where some should be, or one cannot be read: it is not begun without them.</exception>
    /// <exception cref="Storage.StorageException">The connection string is not one of the provider.</exception>
    public static Task<NodeAuthorization> OpenAsync(BrokerOptions broker, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        var options = broker.Security.Authorization;
        var sources = new List<IAccessRuleSource>();
        if (options.AclFile.Length > 0)
        {
            sources.Add(new AclFile(options.AclFile));
        }

        if (options.AclQuery.Length > 0)
        {
            sources.Add(new AclTable(SecurityDatabase.Of(options.Database, broker), options.AclQuery));
        }

        return OpenAsync(broker.Security, [.. sources], loggers.CreateLogger<NodeAuthorization>(), time, cancellation);
    }

    internal static async Task<NodeAuthorization> OpenAsync(
        SecurityOptions security, IAccessRuleSource[] sources, ILogger logger, TimeProvider time, CancellationToken cancellation)
    {
        var options = security.Authorization;
        var isAllowedOtherwise = options.Default == AccessDefault.Allow || (options.Default == AccessDefault.Auto && security.Authentication.Count == 0);
        var authorization = new NodeAuthorization(options, isAllowedOtherwise, sources, logger);
        await authorization.StartAsync(time, cancellation).ConfigureAwait(false);
        return authorization;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ending.Cancel();
        _timer?.Dispose();
        _ending.Dispose();
    }

    /// <summary>Looks for a change now; nothing, where another look is under way.</summary>
    internal async Task LookAsync()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) != 0)
        {
            return;
        }

        try
        {
            var hasChanged = false;
            for (var i = 0; i < _sources.Length; i++)
            {
                hasChanged |= await LookAsync(i).ConfigureAwait(false);
            }

            if (hasChanged)
            {
                var policy = Compose(out var count);
                Access.Replace(policy);
                LogReloaded(_logger, count);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The node stops.
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private async Task StartAsync(TimeProvider time, CancellationToken cancellation)
    {
        for (var i = 0; i < _sources.Length; i++)
        {
            _rules[i] = await _sources[i].ReadAsync(cancellation).ConfigureAwait(false) ?? [];
        }

        var policy = Compose(out var count);
        Access = new AccessControl(policy, isOpen: count == 0 && _sources.Length == 0 && _isAllowedOtherwise);
        if (count == 0 && !_isAllowedOtherwise)
        {
            LogNothingAllowed(_logger);
        }

        if (_sources.Length > 0)
        {
            _timer = time.CreateTimer(static self => _ = ((NodeAuthorization)self!).LookAsync(), this, _options.ReloadInterval, _options.ReloadInterval);
        }
    }

    /// <summary>True: there are other rules.</summary>
    private async Task<bool> LookAsync(int source)
    {
        try
        {
            var rules = await _sources[source].ReadAsync(_end).ConfigureAwait(false);
            _problems[source] = null;
            _rules[source] = rules ?? _rules[source];
            return rules is not null;
        }
        catch (AccessRulesException problem)
        {
            // Once: what stays as it is says the same at every look.
            if (_problems[source] != problem.Message)
            {
                _problems[source] = problem.Message;
                LogKept(_logger, problem.Message);
            }

            return false;
        }
    }

    private AccessPolicy Compose(out int count)
    {
        AccessRule[] all = [.. _options.Rules, .. _rules.SelectMany(static rules => rules)];
        count = all.Length;
        return new AccessPolicy(all, _isAllowedOtherwise);
    }

    [LoggerMessage(LogLevel.Information, "Rules were read again: {Count} are in force, for open connections too")]
    private static partial void LogReloaded(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "The rules stay as they were, what has changed is not usable: {Problem}")]
    private static partial void LogKept(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "Clients may connect, but may not publish or subscribe to anything: mqtt.security.authorization has no rules. Write some, or set its default to allow")]
    private static partial void LogNothingAllowed(ILogger logger);
}
