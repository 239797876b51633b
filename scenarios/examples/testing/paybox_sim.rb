# frozen_string_literal: true

# A Paybox Direct gateway for each test of RSpec or Minitest. Ruby 3.1 or newer, standard library only.
#
#   require_relative 'paybox_sim'
#
#   RSpec.describe 'Checkout' do
#     include PayboxSim::RSpec              # paybox, and expect(paybox).to have_charged_once('ORDER-1', 1000)
#
#   class CheckoutTest < Minitest::Test
#     include PayboxSim::Minitest           # paybox, and assert_charged_once 'ORDER-1', 1000
#
# The simulator is the one at PAYBOX_SIM_URL. Without that variable it is started for the tests and stopped after them; that needs
# Node.js and the npm package paybox-direct-simulator in the project. docs/testing-in-ruby.md has an example.

require 'json'
require 'net/http'
require 'securerandom'
require 'uri'

module PayboxSim
  # The simulator cannot be started or reached, or it does not understand what the test asked of it.
  class PayboxError < StandardError; end

  Account = Struct.new(:site, :rang, :identifiant, :cle, :hmac_key)
  Card = Struct.new(:number, :expiry, :cvv)

  # A gateway that the code under test can call, and what a test does with it.
  class Gateway
    # The gateway's URL, for the configuration of the code under test.
    attr_reader :url
    # The URL of the backup host.
    attr_reader :backup_url
    # An account that the gateway knows. It accepts cle and HMACs with hmac_key.
    attr_reader :account
    # A card whose payments are accepted. expiry is MMYY.
    attr_reader :card
    attr_reader :clock

    # Returns a new, empty gateway. The inspector shows it under the name of the test.
    def self.open(test_name = 'test')
      slug = test_name.gsub(/[^A-Za-z0-9._-]+/, '-')[0, 40]
      # Letters only: digits could look like a card number, which no session name has.
      new(ControlApi.new(Simulator.url), "#{slug}-#{SecureRandom.hex(6).tr('0-9', 'g-p')}")
    end

    def initialize(control, name)
      @control = control
      @name = name
      @url = "#{control.simulator_url}/s/#{name}/PPPS.php"
      @backup_url = "#{control.simulator_url}/s/#{name}/backup/PPPS.php"
      @account = Account.new('1999888', '32', '107904482', '1999888I', '0123456789ABCDEF' * 8).freeze
      @card = Card.new('1111222233334444', '1249', '123').freeze
      @clock = Clock.new(method(:control))
    end

    # Deletes the gateway with all its data.
    def close
      @control.request('DELETE', "/_sim/sessions/#{@name}", missing_ok: true)
    end

    # Answers requests with this code: paybox.answer('00105', match: { TYPE: 'pay' }, times: 1).
    # The conditions are those of a rule: match, payment, host, from, times, probability, seed. Without any, all requests are answered.
    def answer(code, **condition) = control('POST', '/rules', { **condition, answer: code })

    # Makes the connection fail: paybox.fault({ reply: 'never' }, match: { TYPE: 'pay' }). Conditions: see answer.
    def fault(fault, **condition) = control('POST', '/rules', { **condition, fault: fault })

    # Processes the next matching request and cuts the connection instead of a reply: paybox.drop_reply(match: { TYPE: 'pay' }).
    def drop_reply(times: 1, **condition) = fault({ reply: 'drop' }, times: times, **condition)

    # Returns the exchanges so far, oldest first: hashes with 'operation', 'CODEREPONSE', 'request' and 'reply' (hashes), 'findings'.
    def journal = all('journal', 'entries', 'seq').map { |entry| entry.merge('request' => entry['request'].to_h) }

    # Returns the payments so far, oldest first: hashes with 'REFERENCE', 'STATUS', 'captured', 'refunded' (minor units), and more.
    def payments = all('payments', 'payments', 'id')

    # Returns why the gateway does not have what is expected (the body of POST /_sim/check), or nil if it has.
    def problem(expected)
      result = control('POST', '/check', expected)
      result['message'] unless result['pass']
    end

    def inspect = "#<PayboxSim::Gateway #{url}>"

    private

    def control(method, path, body = nil) = @control.request(method, "/s/#{@name}/_sim#{path}", body)

    def all(route, key, before)
      found = []
      query = ''
      loop do
        page = control('GET', "/#{route}?limit=#{ControlApi::PAGE}#{query}")[key]
        found.concat(page)
        return found.reverse if page.size < ControlApi::PAGE

        query = "&before=#{page.last[before]}"
      end
    end
  end

  # The clock of a gateway. Times are ISO 8601, in Paris if they have no offset.
  class Clock
    def initialize(control)
      @control = control
    end

    # Returns the time of the gateway.
    def now = @control.call('GET', '/clock')['now']

    # Sets the time: paybox.clock.set('2026-03-28T23:50'). A frozen clock stands still until it is set again.
    def set(time, frozen: false)
      @control.call('PUT', '/clock', { now: time, frozen: frozen })
    end

    # Advances the time by an ISO 8601 duration: P1D, PT90M. The remittances of the nights in between take place.
    def advance(duration)
      @control.call('POST', '/clock/advance', { by: duration })
    end

    # Advances the time to just after tonight's remittance.
    def remit
      @control.call('POST', '/clock/remit')
    end
  end

  # What a test can expect of a gateway, as bodies of POST /_sim/check. Amounts are in minor units: 1000 is 10.00 EUR.
  module Expected
    module_function

    # Exactly this number of payments with these properties was captured.
    def charged(times: 1, reference: nil, amount: nil, refunded: nil)
      { charged: { times: times, reference: reference, amount: amount, refunded: refunded }.compact }
    end

    # Exactly these requests were received, in this order: operations, by name or TYPE, or hashes like
    # { send: 'pay', with: { MONTANT: /1000$/ }, answered: '00000' }.
    def received(requests) = { received: requests.map { |request| request.is_a?(Hash) ? expected_request(request) : request } }

    # No request has a finding of this severity (info, warning, error) or a higher one.
    def no_findings(at_least) = { noFindings: at_least }

    def expected_request(request)
      return request unless request[:with]

      request.merge(with: request[:with].transform_values { |value| value.is_a?(Regexp) ? pattern(value) : value })
    end

    def pattern(regexp)
      raise PayboxError, "#{regexp.inspect} cannot be sent to the simulator: it knows no options." unless regexp.options.zero?

      { pattern: regexp.source }
    end
  end

  # For a group of RSpec: `paybox`, a gateway of its own for each example, and matchers for it.
  module RSpec
    def self.included(group)
      group.let(:paybox) { @paybox_gateway = Gateway.open(::RSpec.current_example.full_description) }
      # The gateway is opened before each example, so that a setup in another process finds its URL, and closed after it.
      group.before { paybox }
      group.after { @paybox_gateway&.close }
    end

    # Passes if exactly one payment with these properties was captured.
    def have_charged_once(reference = nil, amount = nil, refunded: nil)
      have_charged(reference: reference, amount: amount, refunded: refunded)
    end

    # Passes if exactly this number of payments with these properties was captured. `times: 0`: none.
    def have_charged(**charge) = Matcher.new(Expected.charged(**charge))

    # Passes if exactly these requests were received, in this order. It is not called have_received, which is a matcher of RSpec's mocks.
    def have_received_requests(*requests) = Matcher.new(Expected.received(requests.flatten))

    # Passes if no request has a finding of this severity or a higher one.
    def have_no_findings(at_least = 'warning') = Matcher.new(Expected.no_findings(at_least))

    # An expectation in the form that RSpec calls.
    class Matcher
      attr_reader :failure_message

      def initialize(expected)
        @expected = expected
      end

      def matches?(gateway)
        @failure_message = gateway.problem(@expected)
        @failure_message.nil?
      end

      def failure_message_when_negated = "Expected anything but #{JSON.generate(@expected)}."

      def description = "have #{JSON.generate(@expected)}"
    end
  end

  # For a test class of Minitest: `paybox`, a gateway of its own for each test, and assertions about it.
  module Minitest
    # The gateway of this test.
    def paybox
      @paybox ||= Gateway.open(name)
    end

    def after_teardown
      @paybox&.close
      super
    end

    # Passes if exactly one payment with these properties was captured.
    def assert_charged_once(reference = nil, amount = nil, refunded: nil)
      assert_charged(reference: reference, amount: amount, refunded: refunded)
    end

    # Passes if no payment (of this reference) was captured.
    def assert_not_charged(reference = nil)
      assert_charged(times: 0, reference: reference)
    end

    # Passes if exactly this number of payments with these properties was captured.
    def assert_charged(**charge) = assert_expected(Expected.charged(**charge))

    # Passes if exactly these requests were received, in this order.
    def assert_received(*requests) = assert_expected(Expected.received(requests.flatten))

    # Passes if no request has a finding of this severity or a higher one.
    def assert_no_findings(at_least = 'warning') = assert_expected(Expected.no_findings(at_least))

    private

    def assert_expected(expected)
      problem = paybox.problem(expected)
      assert problem.nil?, problem
    end
  end

  # The control API of a simulator.
  class ControlApi
    # Number of entries that the control API returns at most.
    PAGE = 1000

    attr_reader :simulator_url

    def initialize(simulator_url)
      @simulator_url = simulator_url
    end

    # Sends a request, without the proxies of the environment. Returns the JSON of the response; nil if it has none.
    def request(method, path, body = nil, missing_ok: false)
      response = send_request(method, path, body && JSON.generate(body))
      return (response.body.to_s.empty? ? nil : JSON.parse(response.body)) if response.code.to_i < 400
      return if response.code == '404' && missing_ok

      raise PayboxError, failure_text(response.body.to_s)
    end

    private

    def send_request(method, path, text)
      uri = URI(@simulator_url)
      raise PayboxError, "PAYBOX_SIM_URL must be like http://127.0.0.1:8888, not #{@simulator_url}." unless uri.instance_of?(URI::HTTP)

      Net::HTTP.start(uri.host, uri.port, nil) { |http| http.send_request(method, uri.path + path, text, 'Content-Type' => 'application/json') }
    rescue SystemCallError, SocketError, IOError, Timeout::Error => e
      raise PayboxError, "No simulator answers at #{@simulator_url} (#{e.message}). Check PAYBOX_SIM_URL, or unset it to start one."
    end

    def failure_text(answer)
      failure = JSON.parse(answer)
      failure.fetch('error') + failure.fetch('problems', []).map { |problem| "\n  #{problem['where']}: #{problem['what']}" }.join
    rescue JSON::ParserError, KeyError
      "This is not the simulator: #{answer[0, 200]}. Check PAYBOX_SIM_URL."
    end
  end

  # The simulator of this process: the one at PAYBOX_SIM_URL, or one that is started on the first call and stopped at the end.
  module Simulator
    # The simulator exits when its standard input ends: at the end of this process, also if it is killed.
    EXIT_WITH_PARENT = "--import=data:text/javascript,process.stdin.resume().on('end',()=>process.exit())"
    LOCK = Mutex.new
    private_constant :EXIT_WITH_PARENT, :LOCK

    class << self
      # Returns the simulator's URL.
      def url
        given = ENV['PAYBOX_SIM_URL'].to_s
        LOCK.synchronize { @url ||= given.empty? ? start : given.chomp('/') }
      end

      private

      def start
        @process = IO.popen(['node', EXIT_WITH_PARENT, find_main, 'serve', '--port', '0', '--json', '--quiet'], 'r+')
        line = @process.gets
        raise PayboxError, 'The simulator did not start. Its error is printed above.' if line.nil?

        JSON.parse(line)['url']
      rescue Errno::ENOENT
        raise PayboxError, 'Node.js is not installed. Install it, or set PAYBOX_SIM_URL to the URL of a running simulator.'
      end

      # Finds the simulator in the package that has this file, or in the node_modules of the current folder or one above it.
      def find_main
        above = Dir.pwd.split('/').each_index.map { |up| File.expand_path("#{'../' * up}node_modules/paybox-direct-simulator") }
        package = [File.expand_path('../../..', __dir__), *above].find do |folder|
          File.directory?("#{folder}/scenarios/examples/testing") && File.file?("#{folder}/dist/cli/main.js")
        end
        return "#{package}/dist/cli/main.js" if package

        raise PayboxError, 'paybox-direct-simulator is not installed: no node_modules in this folder or above has it. ' \
                           'Run `npm install --save-dev paybox-direct-simulator`, or set PAYBOX_SIM_URL to the URL of a running simulator.'
      end
    end
  end
end
