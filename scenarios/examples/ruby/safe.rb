# frozen_string_literal: true

# A safe merchant in Ruby with the standard library only. ../README.md describes its commands.

require 'net/http'
require 'openssl'
require 'securerandom'
require 'timeout'
require 'uri'

ENV['TZ'] = 'Europe/Paris' # DATEQ is the day in Paris
HOSTS = ENV.values_at('PAYBOX_URL', 'PAYBOX_BACKUP_URL')
TIMEOUT = Float(ENV.fetch('PAYBOX_TIMEOUT', '10'))

# After these codes nothing was processed, so the backup host may be used. After 00099 the question may have been processed.
FAILOVER = %w[00001 00003 00097 00098].freeze
UNAVAILABLE = [*FAILOVER, '00099'].freeze
SUCCESS = '00000'
NOT_FOUND = '00018'
EXISTS = '00016'
# STATUS of payments that took no money. Such an order may be paid again.
NOTHING_TAKEN = %w[Refusé Annulé].freeze
# Seconds to wait before each inquiry about a question without a reply.
ASK_AFTER = [0, 0.5, 1].freeze

# The connection was refused, so the question was not sent.
class NeverOpened < StandardError; end
# There is no reply, or not a valid one. The question may have been processed.
class Lost < StandardError; end

def given(name) = ENV[name].to_s.empty? ? {} : { name.delete_prefix('PAYBOX_') => ENV[name] }

def question(type, fields)
  question = { 'VERSION' => ENV['PAYBOX_VERSION'], 'TYPE' => type, 'SITE' => ENV['PAYBOX_SITE'], 'RANG' => ENV['PAYBOX_RANG'],
               **given('PAYBOX_IDENTIFIANT'),
               # Random, because independent processes must not use the same number on one day.
               'NUMQUESTION' => format('%010d', SecureRandom.random_number(1..2_147_483_647)),
               'DATEQ' => Time.now.strftime('%d%m%Y'), **fields, **given('PAYBOX_CLE') }
  return question if question.key?('CLE')

  question['HASH'] = 'SHA512'
  # Sign before percent-encoding, with the bytes of the key and not with its hex digits.
  message = question.map { |name, value| "#{name}=#{value}" }.join('&')
  question.merge('HMAC' => OpenSSL::HMAC.hexdigest('SHA512', [ENV['PAYBOX_HMAC_KEY']].pack('H*'), message).upcase)
end

def post(url, question)
  http = Net::HTTP.new(url.host, url.port)
  http.use_ssl = url.scheme == 'https'
  http.open_timeout = TIMEOUT
  begin
    http.start
  rescue SystemCallError, SocketError, Net::OpenTimeout, OpenSSL::SSL::SSLError
    raise NeverOpened
  end
  # A time limit for the whole exchange: read_timeout applies to each read, so a slow reply could take much longer in total.
  response = Timeout.timeout(TIMEOUT) { http.post(url.request_uri, URI.encode_www_form(question)) }
  # Ruby reports no error if the connection closes too early; only the length shows it.
  length = response['Content-Length']
  raise Lost, 'broken reply' if response.code != '200' || (length && length.to_i != response.body.bytesize)

  response.body
rescue Timeout::Error, SystemCallError, IOError, OpenSSL::SSL::SSLError, Net::ProtocolError, Net::HTTPBadResponse
  raise Lost, 'time-out or cut'
end

# Whether a reply answers a question. Digits are compared as numbers, because some replies add or remove leading zeros.
# The refusal of a frame that could not be read has a NUMQUESTION of zeros, and perhaps spaces for SITE and RANG.
def answers?(question, reply)
  unreadable = reply['CODEREPONSE'] == '00014' && reply['NUMQUESTION']&.match?(/\A0+\z/)
  %w[SITE RANG NUMQUESTION].all? do |name|
    sent, received = question[name], reply[name].to_s
    sent == received || (received.match?(/\A\d+\z/) && sent.to_i == received.to_i) ||
      (unreadable && (name == 'NUMQUESTION' || received.match?(/\A +\z/)))
  end
end

def exchange(url, question)
  # The reply is in ISO-8859-1 and not url-encoded.
  body = post(URI(url), question).dup.force_encoding('ISO-8859-1').encode('UTF-8')
  reply = body.split('&').to_h { |pair| [*pair.split('=', 2), '', ''].first(2) }
  raise Lost, 'no CODEREPONSE' unless reply['CODEREPONSE']&.match?(/\A[0-9A-Za-z]{5}\z/)
  raise Lost, 'a reply to another question' unless answers?(question, reply)

  reply
end

def ask(type, fields)
  refused = nil
  HOSTS.each do |url|
    reply = exchange(url, question(type, fields))
    return reply unless FAILOVER.include?(reply['CODEREPONSE'])

    refused = reply
  rescue NeverOpened
    next
  end
  refused || raise(NeverOpened)
end

# Looks up a payment by amount and reference. 00011 returns no STATUS, so 00017 follows.
def find(order)
  named = ask('00011', order)
  return named if named['CODEREPONSE'] != SUCCESS

  found = ask('00017', named.slice('NUMTRANS'))
  found['CODEREPONSE'] == NOT_FOUND ? raise(Lost, 'found, then not found') : found
end

def line(word, reply)
  code = reply['CODEREPONSE'] # works for unknown codes too, because there is no table of codes
  return "#{UNAVAILABLE.include?(code) ? 'unavailable' : 'refused'} #{code}" if code != SUCCESS

  numbers = reply.values_at('NUMTRANS', 'NUMAPPEL')
  numbers.all? { |number| number&.match?(/\A\d{1,10}\z/) } ? [word, *numbers].join(' ') : 'unknown'
end

# Sends a question once. If its reply is lost, inquires about it and never sends it again.
# If the payment had the resulting STATUS (leaves) before (was), that STATUS does not prove that the question was processed.
def carry_out(type, fields, word, leaves, look, was: nil)
  line(word, ask(type, fields))
rescue Lost
  ASK_AFTER.each do |delay|
    sleep delay
    seen = look.call
    return line(word, seen) if seen['CODEREPONSE'] == SUCCESS && seen['STATUS'] == leaves && leaves != was
  rescue Lost, NeverOpened
    next
  end
  'unknown'
end

# paying: the card, or the subscriber with the token of one
def take(type, word, leaves, reference, amount, paying)
  order = { 'MONTANT' => amount, 'DEVISE' => '978', 'REFERENCE' => reference }
  before = find(order) # an earlier call may have paid; then this one must not
  found = before['CODEREPONSE'] == SUCCESS
  return before['STATUS'] == leaves ? line(word, before) : 'unknown' if found && !NOTHING_TAKEN.include?(before['STATUS'])
  return line(word, before) unless found || before['CODEREPONSE'] == NOT_FOUND

  carry_out(type, { **order, **paying }, word, leaves, -> { find(order) })
end

def card(number) = { 'PORTEUR' => number, 'DATEVAL' => '1249', 'CVV' => '123' }

# Registers a card. Without a reply nothing shows whether it was registered, so the next call finds the subscriber (00016) and sends the card again.
def subscribe(subscriber, number)
  fields = { 'MONTANT' => '0', 'DEVISE' => '978', 'REFABONNE' => subscriber, **card(number) }
  reply = ask('00056', fields)
  reply = ask('00057', fields) if reply['CODEREPONSE'] == EXISTS
  reply['CODEREPONSE'] == SUCCESS ? "subscribed #{reply['PORTEUR']}" : line('', reply)
end

def renew(subscriber, token, reference, amount)
  take('00053', 'renewed', 'Capturé', reference, amount, { 'REFABONNE' => subscriber, 'PORTEUR' => token, 'DATEVAL' => '1249' })
end

def follow(type, word, leaves, numtrans, numappel, amount)
  numbers = { 'NUMTRANS' => numtrans, 'NUMAPPEL' => numappel }
  look = -> { ask('00017', numbers) }
  was = begin
    look.call.fetch('STATUS', leaves)
  rescue Lost, NeverOpened
    leaves
  end
  carry_out(type, { 'MONTANT' => amount, 'DEVISE' => '978', **numbers }, word, leaves, look, was: was)
end

def status(numtrans)
  reply = ask('00017', { 'NUMTRANS' => numtrans })
  return 'not-found' if reply['CODEREPONSE'] == NOT_FOUND

  # Any other failure says nothing about the transaction.
  reply['CODEREPONSE'] == SUCCESS && reply['STATUS'] ? "found #{reply['STATUS']}" : 'unknown'
rescue NeverOpened
  'unknown'
end

$stdout.set_encoding('UTF-8')
command, *arguments = ARGV.map { |argument| argument.dup.force_encoding('UTF-8') }
begin
  puts(
    case command
    when 'pay' then take('00003', 'paid', 'Capturé', arguments[0], arguments[1], card(arguments[2]))
    when 'authorize' then take('00001', 'authorized', 'Autorisé', arguments[0], arguments[1], card(arguments[2]))
    when 'subscribe' then subscribe(*arguments)
    when 'renew' then renew(*arguments)
    when 'capture' then follow('00002', 'captured', 'Capturé', *arguments)
    when 'cancel' then follow('00005', 'cancelled', 'Annulé', *arguments)
    when 'refund' then follow('00014', 'refunded', 'Remboursé', *arguments)
    when 'status' then status(*arguments)
    else raise ArgumentError, "no command #{command}"
    end
  )
rescue NeverOpened
  puts 'unavailable connection'
rescue Lost
  puts 'unknown'
end
